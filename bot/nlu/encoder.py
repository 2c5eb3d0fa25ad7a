"""Turns a sentence into numbers that stand for its meaning; sentences that mean the same lie close together.

Responsible for: loading the built encoder (tools/build_encoder.py), checking that it is the one that was built, and
encoding. Not here: which texts are encoded and in what form (featurizer, normalise).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import StartupError

FILES = ("encoder.onnx", "tokenizer.json")
WIDTH = 1536
MEANING = 384
"""The first numbers of a vector are the plain sentence embedding, of length 1; the rest keep more of the wording."""


class BadEncoder(StartupError):
    """The encoder's files are not the ones that were built; run `make clean` and `make train`."""


class Encoder:
    """Sentences to vectors, one at a time.

    Each sentence is encoded alone, never padded: the whole-number arithmetic scales by the largest number in a
    batch, so a sentence in a batch would get a slightly different vector in training than in service.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Read the encoder from `folder`. Raises BadEncoder if a file is missing or is not the one that was built."""
        _check(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        # The arena keeps the largest message's memory for ever
        options.enable_cpu_mem_arena = False
        # by path: from bytes, the weights would be in memory twice
        graph = str(folder / "encoder.onnx")
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def encode(self, text: str) -> np.ndarray:
        """The vector of one text: `WIDTH` float32; 1 to 2 ms. Only the first 128 word pieces count."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        (vector,) = self._session.run(["vector"], {"ids": ids, "mask": np.ones_like(ids)})
        return np.asarray(vector[0], dtype=np.float32)

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of many texts, one a row; the same as encoding each of them alone."""
        if len(texts) < 2:
            return np.stack([self.encode(text) for text in texts] or [np.zeros(WIDTH, dtype=np.float32)])[: len(texts)]
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            return np.stack(list(pool.map(self.encode, texts)))


def digest(folder: Path) -> str:
    """What names this encoder: the digest of its graph as recorded when it was built, "" when there is none."""
    about = folder / "encoder.json"
    return str(json.loads(about.read_text(encoding="utf-8"))["files"]["encoder.onnx"]) if about.exists() else ""


def _check(folder: Path) -> None:
    try:
        files = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))["files"]
        changed = [name for name in FILES if hashlib.sha256((folder / name).read_bytes()).hexdigest() != files[name]]
    except (OSError, ValueError, KeyError) as error:
        raise BadEncoder(f"{folder} holds no built encoder ({type(error).__name__}); run `make train`") from error
    if changed:
        raise BadEncoder(f"{folder / changed[0]} is not the file that was built; run `make clean` and `make train`")
