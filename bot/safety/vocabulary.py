"""Which known words a written word may stand for: itself, stretched, in number-letters, censored, or misspelt.

Only words that some phrase asks for are known; everything else stays as it is. Not here: characters (`characters`),
word order (`normalise`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, product

from bot.safety.typos import Typos

_LEET = ("".maketrans("013457@$!|+", "oieastasiit"), "".maketrans("013457@$!|+", "oleastaslit"))
_STRETCHED = re.compile(r"(.)\1{2,}")
_SHORTEST, _LONGEST, _START = 4, 24, 3
_VOWELS = str.maketrans("", "", "aeiou")
_SAID_BY_DIGIT = {"1": ("one",), "2": ("to", "too"), "4": ("for",)}
_UNVOWELLED_MOST = 5


@dataclass
class Work:
    """What may still be spent on one text; `over` once something had to be left out."""

    unknown: int = 3_000
    misspellings: int = 1_200
    joined: int = 2_000
    over: bool = False

    def spend_unknown(self) -> bool:
        """True while another word that nobody listed may be looked at closely."""
        self.unknown -= 1
        self.over = self.over or self.unknown < 0
        return self.unknown >= 0

    def spend_misspelling(self) -> int:
        """Slips to look for in the next word: two at first, one in a long text, none past the budget."""
        self.misspellings -= 1
        self.over = self.over or self.misspellings < 0
        return 2 if self.misspellings > 1_000 else int(self.misspellings >= 0)

    def spend_joined(self, letters: int) -> bool:
        """True when there is enough left to part a word of so many letters."""
        self.joined -= letters
        self.over = self.over or self.joined < 0
        return self.joined >= 0


class Vocabulary:
    """The words that phrases ask for, and the ways people write them."""

    def __init__(
        self,
        words: Iterable[str],
        stems: Iterable[str],
        critical: Iterable[str] = (),
        not_typos: Iterable[str] = (),
    ) -> None:
        critical = tuple(critical)
        self.words = frozenset(words) | frozenset(critical)
        self._stems = frozenset(stems)
        self._by_start: dict[str, list[str]] = {}
        for stem in sorted(self._stems):
            self._by_start.setdefault(stem[:_START], []).append(stem)
        self._not_typos = frozenset(not_typos)
        self._typos = Typos(critical)
        self._squeezed: dict[str, list[str]] = {}
        for word in sorted(self.words):
            self._squeezed.setdefault(squeeze(word), []).append(word)
        self._unvowelled: dict[str, list[str]] = {}
        for word in sorted(self.words, key=len):
            if len(word) >= _SHORTEST:
                self._unvowelled.setdefault(word.translate(_VOWELS), []).append(word)
        self._by_shape: dict[int, list[str]] = {}
        for word in critical:
            self._by_shape.setdefault(len(word), []).append(word)

    def knows(self, word: str) -> bool:
        return word in self.words or bool(self._stems_of(word))

    def meanings(self, word: str, work: Work | None = None) -> tuple[str, ...]:
        """What this may stand for, likeliest first; the word itself when it is known or nothing else fits."""
        if word in self.words or len(word) > _LONGEST * 8:
            return (word,)
        work = work or Work()
        if self._stems_of(word) and not _STRETCHED.search(word):
            return (word, *self._misspelt(word, work))
        if not work.spend_unknown():
            return (word,)
        found = self._stretched(word, work) or self._leet(word) or self._censored(word) or self._without_vowels(word)
        return found or self._misspelt(word, work) or (word,)

    def keys(self, word: str) -> list[str]:
        """The keys under which phrases look for this word."""
        keys = [stem + "*" for stem in self._stems_of(word)]
        if word in self.words:
            keys.append(word)
        if word[:1].isdigit():
            keys += ["#", "##"] if word[1:2].isdigit() else ["#", *_SAID_BY_DIGIT.get(word, ())]
        return keys

    def _stems_of(self, word: str) -> list[str]:
        return [stem for stem in self._by_start.get(word[:_START], ()) if word.startswith(stem)]

    def _misspelt(self, word: str, work: Work) -> tuple[str, ...]:
        if not _SHORTEST <= len(word) <= _LONGEST or word in self._not_typos:
            return ()
        slips = work.spend_misspelling()
        return self._typos.meant(word, slips) if slips else ()

    def _stretched(self, word: str, work: Work) -> tuple[str, ...]:
        if not _STRETCHED.search(word):
            return ()
        relaxed = [form for form in _relaxed(word) if form in self.words]
        if relaxed:
            return tuple(relaxed)
        once = squeeze(word)
        known = self._squeezed.get(once)
        if known:
            return tuple(known[:6])
        # "overdossssing" is not listed but begins as a stem does, once or twice each letter.
        twice = "".join(letter * min(len(list(run)), 2) for letter, run in groupby(word))
        for form in (once, twice):
            if self._stems_of(form):
                return (form, *self._misspelt(form, work))
        return self._leet(once) or self._misspelt(once, work)

    def _leet(self, word: str) -> tuple[str, ...]:
        if word.isalpha() or word.isdigit():
            return ()
        decoded = dict.fromkeys(word.translate(table) for table in _LEET)
        return tuple(form for form in decoded if self.knows(form))

    def _without_vowels(self, word: str) -> tuple[str, ...]:
        """ "brth" may be "breathe", "slp" sleep: only words written with no vowel at all."""
        if not 3 <= len(word) <= 8 or not word.isalpha() or word.translate(_VOWELS) != word:
            return ()
        return tuple(self._unvowelled.get(word, ())[:_UNVOWELLED_MOST])

    def _censored(self, word: str) -> tuple[str, ...]:
        if "*" not in word[1:-1] or not word.replace("*", "").isalnum():
            return ()
        fits = (w for w in self._by_shape.get(len(word), ()) if all(c in ("*", d) for c, d in zip(word, w)))  # noqa: B905
        return tuple(fits)[:4]


def _relaxed(word: str) -> Iterator[str]:
    """The word with each run of three or more letters written once or twice: "tooooo" is "to" or "too"."""
    runs = [(letter, len(list(run))) for letter, run in groupby(word)]
    choices = [(letter * size,) if size < 3 else (letter, letter * 2) for letter, size in runs]
    if sum(len(choice) == 2 for choice in choices) <= 4:
        yield from map("".join, product(*choices))


def is_stretched(word: str) -> bool:
    """True when a letter stands three times or more: "pleaseee"."""
    return _STRETCHED.search(word) is not None


def squeeze(word: str) -> str:
    """Every run of one letter written once: "dieeee" and "die" are the same."""
    return "".join(letter for letter, _ in groupby(word))
