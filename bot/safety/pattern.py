"""The small language in which clinicians write phrases.

    kill myself            these words, side by side
    overdos*               any word that begins so
    (pills|meds|my pills)  one of these
    really?  (so|very)?    may be missing
    ..  ..5                up to 3 (or 5) other words, never across the end of a sentence
    <family>               one of a list of words.yml
    #  ##                  a number, a number of two digits or more
    ^  $                   the beginning, the end of a sentence
    pills ~ goodbye        both, in any order, within 6 words of each other in one sentence (~9: within 9)
    he ~ pills & cold      the same, and cold within some 50 words around, over the ends of sentences

Not here: how a phrase is found in a text (`nodes`), what a match means (`screen`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.safety.nodes import Around, Chain, Edge, Either, Gap, Maybe, Near, Node, Word

_PIECE = re.compile(r"\s*(?:(\.\.|~)(\d*)|<([a-z_]+)>|([()|?^$&]|##?)|([a-z0-9]+\*?))")
_ENDS = (("sign", "|"), ("sign", ")"), ("sign", "&"))
_REACH = 6


class PhraseError(ValueError):
    """A phrase is not written as this module describes."""


Lists = Mapping[str, Sequence[str]]
Canonical = Callable[[Sequence[str]], list[str]]


class Parser:
    """Reads phrases. `lists` are the named lists, `canonical` joins words as the normaliser does ("i am" -> "im")."""

    def __init__(self, lists: Lists, canonical: Canonical) -> None:
        self._lists, self._canonical = lists, canonical
        self._named: dict[str, Node] = {}
        self._read: dict[str, Node] = {}

    def parse(self, phrase: str) -> Node:
        """Read one phrase.

        Raises:
            PhraseError: It cannot be read, names an unknown list, or could match without any word.
        """
        if phrase not in self._read:
            self._read[phrase] = self._phrase(phrase)
        return self._read[phrase]

    def _phrase(self, phrase: str) -> Node:
        pieces = _pieces(phrase)
        parts = [self._either(pieces, phrase)]
        while pieces and pieces[0] == ("sign", "&"):
            pieces.pop(0)
            parts.append(self._either(pieces, phrase))
        if pieces:
            raise PhraseError(f"{phrase!r}: a closing bracket too many")
        node = parts[0] if len(parts) == 1 else Around(parts)
        if node.needs() is None:
            raise PhraseError(f"{phrase!r} would match without any word")
        return node

    def _either(self, pieces: list[tuple[str, str]], phrase: str) -> Node:
        options = [self._near(pieces, phrase)]
        while pieces and pieces[0] == ("sign", "|"):
            pieces.pop(0)
            options.append(self._near(pieces, phrase))
        return options[0] if len(options) == 1 else Either(options)

    def _near(self, pieces: list[tuple[str, str]], phrase: str) -> Node:
        parts, reach = [self._chain(pieces, phrase)], 0
        while pieces and pieces[0][0] == "near":
            reach = max(reach, int(pieces.pop(0)[1] or _REACH))
            parts.append(self._chain(pieces, phrase))
        return parts[0] if len(parts) == 1 else Near(parts, reach)

    def _chain(self, pieces: list[tuple[str, str]], phrase: str) -> Node:
        parts: list[Node] = []
        while pieces and pieces[0] not in _ENDS and pieces[0][0] != "near":
            if pieces[0] == ("sign", "?"):
                pieces.pop(0)
                if not parts:
                    raise PhraseError(f"{phrase!r}: '?' with nothing before it")
                parts.append(Maybe(parts.pop()))
            else:
                parts += self._piece(pieces, phrase)
        if not parts:
            raise PhraseError(f"{phrase!r}: an empty choice")
        if any(part.floats for part in parts[1:]):
            raise PhraseError(f"{phrase!r}: what may stand in any order cannot follow other words")
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
            found.append(("near" if dots == "~" else "gap", most))
        elif name:
            found.append(("list", name))
        else:
            found.append(("sign", sign) if sign else ("word", word))
        place = match.end()
    return found
