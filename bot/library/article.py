"""Whether a text repeats a run of words of the seed article; told from hashes, so the article need not be shipped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

RUN = 7
FILE = "article_runs.txt"


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Every run of seven words in a text, as (hash, words)."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’*]", "", text.lower()))
    for at in range(len(words) - RUN + 1):
        run = " ".join(words[at : at + RUN])
        yield hashlib.blake2b(run.encode(), digest_size=6).hexdigest(), run


def read_runs(folder: Path) -> frozenset[str]:
    """The hashes of the article's runs; empty when the file is not there."""
    path = folder / FILE
    return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()


def copied(text: str, article: frozenset[str]) -> str | None:
    """The first run of words that stands in the article too, or None."""
    return next((run for key, run in runs(text) if key in article), None)
