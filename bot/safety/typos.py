"""Misspellings of the words that matter most ("suicied", "breahting"), and of no others.

Two words are near when deleting a letter or two from each gives the same rest, checked by a true edit distance with
swaps. Bounded: only words on the critical list can be found, and the work per word does not depend on the text.
"""

from __future__ import annotations

from collections.abc import Iterable

_TWO_SLIPS_FROM = 8
_ONE_SLIP_FROM = 5


class Typos:
    """Knows which critical word a misspelt one stands for."""

    def __init__(self, critical: Iterable[str]) -> None:
        self._rests: dict[str, set[str]] = {}
        self._starts: set[tuple[str, int]] = set()
        for word in critical:
            self._add(word)

    def meant(self, word: str, most: int = 2) -> tuple[str, ...]:
        """Critical words that this may be a misspelling of; nearest first, three at the most."""
        if not _ONE_SLIP_FROM - 1 <= len(word) <= 15:
            return ()
        slips = 2 if most == 2 and len(word) >= _TWO_SLIPS_FROM - 1 and (word[0], len(word)) in self._starts else 1
        near = {found for rest in _deletions(word, slips) for found in self._rests.get(rest, ())}
        scored = sorted((distance(word, found), found) for found in near)
        return tuple(found for slip, found in scored if slip <= _allowed(found))[:3]

    def _add(self, word: str) -> None:
        for rest in _deletions(word, _allowed(word)):
            self._rests.setdefault(rest, set()).add(word)
        if _allowed(word) == 2:
            self._starts |= {(word[0], len(word) + more) for more in range(-2, 3)}


def _allowed(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else int(len(word) >= _ONE_SLIP_FROM)


def _deletions(word: str, slips: int) -> set[str]:
    found = {word}
    for _ in range(slips):
        found |= {rest[:i] + rest[i + 1 :] for rest in found for i in range(len(rest))}
    return found


def distance(one: str, other: str) -> int:
    """How many slips (letter added, lost, changed, or two swapped) lie between two short words."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
