"""How a sentence is written, as numbers: pieces of words, and runs of words, weighed by how rare they are.

Pure. The same two readers serve training (inside scikit-learn's vectorizer) and answering (a look-up of our own, which
takes a tenth of the vectorizer's time). Who calls it: intent_model.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

_WORD = re.compile(r"[\w']+")
PIECE = range(2, 6)
RUN = range(1, 4)


def pieces(text: str) -> list[str]:
    """Pieces of two to five characters inside each word; a space marks the word's edge."""
    padded = [f" {word} " for word in text.split()]
    return [word[at : at + size] for word in padded for size in PIECE for at in range(len(word) - size + 1)]


def runs(text: str) -> list[str]:
    """One to three words in a row."""
    words = _WORD.findall(text)
    return [" ".join(words[at : at + size]) for size in RUN for at in range(len(words) - size + 1)]


READERS = (pieces, runs)


class Weigher:
    """Adds up what each known piece or run of one sentence says, weighed as at training (tf-idf, length 1)."""

    def __init__(self, reader: int, known: Sequence[str], rarity: np.ndarray) -> None:
        self._read = READERS[reader]
        self._place = {gram: place for place, gram in enumerate(known)}
        self._rarity = rarity

    def scores(self, text: str, weights: np.ndarray) -> np.ndarray:
        """The sum over the sentence; `weights` has one row a known gram, one column a label."""
        counts = Counter(gram for gram in self._read(text) if gram in self._place)
        if not counts:
            return np.zeros(weights.shape[1], dtype=np.float32)
        places = [self._place[gram] for gram in counts]
        often = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        share = often * self._rarity[places]
        return np.asarray((share / np.linalg.norm(share)) @ weights[places], dtype=np.float32)
