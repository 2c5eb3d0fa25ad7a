"""How a phrase is found in a text, linear by construction.

The text is a row of places, a set of places is one whole number, and each piece of a phrase moves the whole set at
once. Nothing is tried twice and nothing backtracks, so no text can make it slow. What a choice finds in a row is kept
with the row: long lists of words cost one look per text, however many phrases name them.
Not here: how phrases are written (`pattern`), how a text becomes words (`normalise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_COMMON_WORDS = (
    "i im my me a an the to of in on it its is was be and or so you he you they hes shes his her him them we she "
    "do dont not no for with have had has get got that this all just if up out at will ill wont cant gonna "
    "wanna want know what how am are been go going now take took off like id ive still even when # ## feel "
    "feeling think really too much more one el la de que no se me un una mi y en"
)
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass
class Row:
    """A text as places: for every word that any phrase asks for, the set of its places."""

    size: int
    words: int
    starts: int
    ends: int
    scope: int
    new_from: int = 0
    at: dict[str, int] = field(default_factory=dict)
    known: dict[int, tuple[int, tuple[Node, ...], int]] = field(default_factory=dict)
    everywhere: int = field(init=False)

    def __post_init__(self) -> None:
        self.everywhere = (1 << (self.size + 1)) - 1


class Node:
    """A piece of a phrase: moves a set of places to the places where it ends.

    `floats`: it is looked for anywhere, not from where the piece before it ended.
    """

    floats = False

    def move(self, row: Row, places: int) -> int:
        raise NotImplementedError

    def needs(self) -> frozenset[str] | None:
        """Words of which at least one must be in the text, or None when it can match without any."""
        return None

    def all_words(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class Word(Node):
    """One word, a stem (`overdos*`), or a number (`#`)."""

    key: str

    def move(self, row: Row, places: int) -> int:
        return (places & row.at.get(self.key, 0)) << 1

    def needs(self) -> frozenset[str]:
        return frozenset([self.key])

    def all_words(self) -> Iterable[str]:
        return (self.key,)


@dataclass(frozen=True)
class Gap(Node):
    """Up to `most` other words."""

    most: int

    def move(self, row: Row, places: int) -> int:
        for _ in range(self.most):
            places |= (places & row.words) << 1
        return places


@dataclass(frozen=True)
class Edge(Node):
    """The beginning (`^`) or the end (`$`) of a sentence."""

    sign: str

    def move(self, row: Row, places: int) -> int:
        return places & (row.starts if self.sign == "^" else row.ends)


@dataclass(frozen=True)
class Maybe(Node):
    """A piece that may be missing."""

    inner: Node

    @property
    def floats(self) -> bool:  # type: ignore[override]
        return self.inner.floats

    def move(self, row: Row, places: int) -> int:
        return places | self.inner.move(row, places)

    def all_words(self) -> Iterable[str]:
        return self.inner.all_words()


class Either(Node):
    """One of several pieces; plain words among them are looked up as one set."""

    def __init__(self, options: Sequence[Node]) -> None:
        self._keys = frozenset(option.key for option in options if isinstance(option, Word))
        self._others = tuple(option for option in options if not isinstance(option, Word))
        self.floats = any(option.floats for option in self._others)
        self._always = tuple(option for option in self._others if option.needs() is None)
        self._by_word: dict[str, list[Node]] = {}
        for option in self._others:
            for word in option.needs() or ():
                self._by_word.setdefault(word, []).append(option)
        self._wanted = self._keys | self._by_word.keys()

    def move(self, row: Row, places: int) -> int:
        known = row.known.get(id(self))
        if known is None:
            known = row.known[id(self)] = self._look(row)
        here, live, most = known
        if places == row.everywhere:
            return most
        ends = (places & here) << 1
        for option in live:
            ends |= option.move(row, places)
        return ends

    def _look(self, row: Row) -> tuple[int, tuple[Node, ...], int]:
        """Where its words stand, which longer options are in this text at all, and all its ends."""
        if not self._always and row.at.keys().isdisjoint(self._wanted):
            return 0, (), 0
        here, live = 0, dict.fromkeys(self._always)
        for word in row.at.keys() & self._keys:
            here |= row.at[word]
        for word in row.at.keys() & self._by_word.keys():
            live.update(dict.fromkeys(self._by_word[word]))
        most, found = (here & (row.everywhere >> 1)) << 1, []
        for option in live:
            ends = option.move(row, row.everywhere)
            if ends:
                found.append(option)
                most |= ends
        return here, tuple(found), most

    def needs(self) -> frozenset[str] | None:
        return None if self._always else self._wanted

    def all_words(self) -> Iterable[str]:
        yield from self._keys
        for option in self._others:
            yield from option.all_words()


class Chain(Node):
    """Pieces one after another."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self.parts = tuple(parts)
        self.floats = self.parts[0].floats

    def move(self, row: Row, places: int) -> int:
        for part in self.parts:
            places = part.move(row, places)
            if not places:
                return 0
        return places

    def needs(self) -> frozenset[str] | None:
        return rarest(part.needs() for part in self.parts)

    def all_words(self) -> Iterable[str]:
        for part in self.parts:
            yield from part.all_words()


class Together(Node):
    """Pieces in any order; ends where the last of them ends."""

    floats = True

    def __init__(self, parts: Sequence[Node]) -> None:
        self.parts = tuple(parts)

    def move(self, row: Row, places: int) -> int:
        any_end, together = 0, row.everywhere
        for part in self.parts:
            ends = part.move(row, row.everywhere)
            if not ends:
                return 0
            any_end |= ends
            together &= self.after(row, ends)
        return together & any_end

    def after(self, row: Row, ends: int) -> int:
        """Places where another piece may end when this one ended at `ends`."""
        raise NotImplementedError

    def needs(self) -> frozenset[str] | None:
        return rarest(part.needs() for part in self.parts)

    def all_words(self) -> Iterable[str]:
        for part in self.parts:
            yield from part.all_words()


class Near(Together):
    """All within `reach` words of the last one, in one sentence."""

    def __init__(self, parts: Sequence[Node], reach: int) -> None:
        super().__init__(parts)
        self.reach = reach

    def after(self, row: Row, ends: int) -> int:
        for _ in range(self.reach):
            ends |= (ends & row.words) << 1
        return ends


class Around(Together):
    """All within 47 words of the last one, over the ends of sentences too: one breath of telling, not a whole page."""

    def after(self, row: Row, ends: int) -> int:
        for step in (1, 2, 4, 8, 16, 16):
            ends |= ends << step
        return ends


def rarest(needed: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """Of several sets of which each must be met, the one that everyday texts meet least."""
    options = [words for words in needed if words]
    return min(options, key=_commonness) if options else None


def _commonness(words: frozenset[str]) -> int:
    return len(words) + 99 * len(words & _COMMON)
