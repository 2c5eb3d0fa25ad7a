"""The small language in which clinicians write phrases, and how a phrase is found in a text.

    kill myself            these words, side by side
    overdos*               any word that begins so
    (pills|meds|my pills)  one of these
    really?  (so|very)?    may be missing
    ..  ..5                up to 3 (or 5) other words, never across the end of a sentence
    <family>               one of a list of words.yml
    #  ##                  a number, a number of two digits or more
    ^  $                   the beginning, the end of a sentence

Finding is linear by construction: the text is a row of places, a set of places is one whole number, and each piece of a
phrase moves the whole set at once. Nothing is tried twice and nothing backtracks, so no text can make it slow.
Not here: how a text becomes words (`normalise`), what a match means (`screen`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_PIECE = re.compile(r"\s*(?:(\.\.)(\d*)|<([a-z_]+)>|([()|?^$]|##?)|([a-z0-9]+\*?))")
_COMMON_WORDS = (
    "i im my me a an the to of in on it its is was be and or so you he she they hes shes his her him them we "
    "do dont not no for with have had has get got that this all just if up out at will ill wont cant gonna "
    "wanna want know what how am are been go going now take took off like id ive still even when # ## feel "
    "feeling think really too much more one"
)
_COMMON = frozenset(_COMMON_WORDS.split())


class PhraseError(ValueError):
    """A phrase is not written as `bot.safety.pattern` describes."""


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

    @property
    def everywhere(self) -> int:
        return (1 << (self.size + 1)) - 1


class Node:
    """A piece of a phrase: moves a set of places to the places where it ends."""

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

    def move(self, row: Row, places: int) -> int:
        return places | self.inner.move(row, places)

    def all_words(self) -> Iterable[str]:
        return self.inner.all_words()


class Either(Node):
    """One of several pieces; plain words among them are looked up as one set."""

    def __init__(self, options: Sequence[Node]) -> None:
        self.keys = tuple(dict.fromkeys(o.key for o in options if isinstance(o, Word)))
        self.others = tuple(o for o in options if not isinstance(o, Word))

    def move(self, row: Row, places: int) -> int:
        here = 0
        for key in self.keys:
            here |= row.at.get(key, 0)
        ends = (places & here) << 1
        for option in self.others:
            ends |= option.move(row, places)
        return ends

    def needs(self) -> frozenset[str] | None:
        found = set(self.keys)
        for option in self.others:
            inner = option.needs()
            if inner is None:
                return None
            found |= inner
        return frozenset(found)

    def all_words(self) -> Iterable[str]:
        yield from self.keys
        for option in self.others:
            yield from option.all_words()


class Chain(Node):
    """Pieces one after another."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self.parts = tuple(parts)

    def move(self, row: Row, places: int) -> int:
        for part in self.parts:
            places = part.move(row, places)
            if not places:
                return 0
        return places

    def needs(self) -> frozenset[str] | None:
        options = [needed for needed in (part.needs() for part in self.parts) if needed]
        return min(options, key=_commonness) if options else None

    def all_words(self) -> Iterable[str]:
        for part in self.parts:
            yield from part.all_words()


def _commonness(words: frozenset[str]) -> int:
    return sum(100 if word in _COMMON else 1 for word in words)


Lists = Mapping[str, Sequence[str]]
Canonical = Callable[[Sequence[str]], list[str]]


class Parser:
    """Reads phrases. `lists` are the named lists, `canonical` joins words as the normaliser does ("i am" -> "im")."""

    def __init__(self, lists: Lists, canonical: Canonical) -> None:
        self._lists, self._canonical = lists, canonical
        self._named: dict[str, Node] = {}

    def parse(self, phrase: str) -> Node:
        """Read one phrase.

        Raises:
            PhraseError: It cannot be read, names an unknown list, or could match without any word.
        """
        pieces = _pieces(phrase)
        node = self._either(pieces, phrase)
        if pieces:
            raise PhraseError(f"{phrase!r}: a closing bracket too many")
        if node.needs() is None:
            raise PhraseError(f"{phrase!r} would match without any word")
        return node

    def _either(self, pieces: list[tuple[str, str]], phrase: str) -> Node:
        options = [self._chain(pieces, phrase)]
        while pieces and pieces[0] == ("sign", "|"):
            pieces.pop(0)
            options.append(self._chain(pieces, phrase))
        return options[0] if len(options) == 1 else Either(options)

    def _chain(self, pieces: list[tuple[str, str]], phrase: str) -> Node:
        parts: list[Node] = []
        while pieces and pieces[0] not in (("sign", "|"), ("sign", ")")):
            if pieces[0] == ("sign", "?"):
                pieces.pop(0)
                if not parts:
                    raise PhraseError(f"{phrase!r}: '?' with nothing before it")
                parts.append(Maybe(parts.pop()))
            else:
                parts += self._piece(pieces, phrase)
        if not parts:
            raise PhraseError(f"{phrase!r}: an empty choice")
        return parts[0] if len(parts) == 1 else Chain(parts)

    def _piece(self, pieces: list[tuple[str, str]], phrase: str) -> list[Node]:
        kind, text = pieces.pop(0)
        if kind == "gap":
            return [Gap(int(text or 3))]
        if kind == "list":
            return [self._list(text, phrase)]
        if kind == "word":
            return self._words(text, pieces)
        if text in "^$":
            return [Edge(text)]
        if text in ("#", "##"):
            return [Word(text)]
        if text != "(":
            raise PhraseError(f"{phrase!r}: unexpected {text!r}")
        inner = self._either(pieces, phrase)
        if not pieces or pieces.pop(0) != ("sign", ")"):
            raise PhraseError(f"{phrase!r}: a bracket is not closed")
        return [inner]

    def _words(self, first: str, pieces: list[tuple[str, str]]) -> list[Node]:
        run = [first]
        # A word with '?' stands alone: joining it to its neighbour would make both optional.
        while pieces and pieces[0][0] == "word" and pieces[1:2] != [("sign", "?")]:
            run.append(pieces.pop(0)[1])
        return [Word(word) for word in self._canonical(run)]

    def _list(self, name: str, phrase: str) -> Node:
        if name not in self._lists:
            raise PhraseError(f"{phrase!r}: no list <{name}> in words.yml")
        if name not in self._named:
            self._named[name] = Either([self.parse(item) for item in self._lists[name]])
        return self._named[name]


def _pieces(phrase: str) -> list[tuple[str, str]]:
    found, place = [], 0
    phrase = phrase.strip()
    while place < len(phrase):
        match = _PIECE.match(phrase, place)
        if match is None:
            raise PhraseError(f"{phrase!r}: cannot read {phrase[place : place + 8]!r}")
        dots, most, name, sign, word = match.groups()
        if dots:
            found.append(("gap", most))
        elif name:
            found.append(("list", name))
        else:
            found.append(("sign", sign) if sign else ("word", word))
        place = match.end()
    return found
