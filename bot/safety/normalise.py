"""From raw text to rows of words, in every form in which it may be meant.

Two forms at most: as written, and loosened (s p a c e d letters joined, joinedwords parted, broken-up sentences made
whole). Each written word may also stand for several known ones; all are kept, and the screen takes the gravest.
Linear in the text. Not here: what words mean for safety (`screen`).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from bot.safety.characters import Characters
from bot.safety.nodes import Row
from bot.safety.vocabulary import Vocabulary, Work, is_stretched

_TAG = re.compile(r"</?(?:b|i|u|p|s|em|strong|br|div|span|code|pre)\s{0,9}/?>")
_ESCAPE = re.compile(r"\\u00([0-7][0-9a-f])")
_OVERDOSED = re.compile(r"\bo\.?d(?:['.]\s?|-)(?:(e?d+)|(ing?|s))\b")
_TOKEN = re.compile(r"[@$]?[a-z0-9]+(?:[@$!|*+]+[a-z0-9]+)*|[.!?;:\n]+|[(){}\[\]<>=\x22]|[^\x00-\x7f]+")
_PARTS = re.compile(r"\d+|[a-z]+")
_COMMAND = re.compile(r"^(\s*/\w+)")
_BREAK, _SOFT = "\n", "("
_BREAKS = dict.fromkeys(".!?;:\n", _BREAK) | dict.fromkeys('(){}[]<>="', _SOFT)
_SCOPE_ENDS = frozenset(["but", "pero", "however", "though", "although", "now", "ahora"])
_JOINED_FROM, _PIECE_MOST, _TOKENS_MOST = 7, 14, 24_000

Memory = dict[str, "tuple[str, ...]"]


class Normaliser:
    """Turns a text into rows that phrases can be found in."""

    def __init__(
        self,
        characters: Characters,
        vocabulary: Vocabulary,
        spellings: Mapping[str, str],
        joins: Mapping[str, str],
    ) -> None:
        self._characters, self._vocabulary = characters, vocabulary
        self._canon = Canon(spellings, joins)

    def rows(self, text: str, earlier: Sequence[str] = (), work: Work | None = None) -> Iterator[Row]:
        """Every form of the message, after the earlier ones of the same minute if there are any.

        `work.over` is true afterwards when some reading was left out because the text would take too long.
        """
        work = work or Work()
        before = [token for part in earlier for token in self.tokens(part)]
        after = self.tokens(text)
        memory: Memory = {}
        yield self._row(_firm(before), _firm(after), memory, work)
        if len(before) + len(after) > _TOKENS_MOST:
            work.over = True
            return
        loose_before, loose_after = self._loosened(before, work), self._loosened(after, work)
        if (loose_before, loose_after) != (_firm(before), _firm(after)):
            yield self._row(loose_before, loose_after, memory, work)

    def is_unreadable(self, text: str) -> bool:
        """True when most of it is in letters we do not know, or broken."""
        if text.isascii():
            return False
        found = Counter(text)
        written = sum(n for c, n in found.items() if c.isascii() and c.isalpha())
        foreign = sum(n for c, n in found.items() if _is_foreign(c))
        if foreign < 4 or foreign <= written:
            return False
        # Look-alike letters all become plain; a real foreign text, or a broken one, keeps letters that do not.
        left = sum(n for c, n in found.items() if _is_foreign(c) and not self._characters.plain(c).strip().isascii())
        lost = sum(n for c, n in found.items() if _is_foreign(c) and not self._characters.plain(c).strip())
        return left >= 3 or lost * 2 > foreign

    def tokens(self, text: str) -> list[str]:
        """The written words, with a break where a sentence ends."""
        plain = self._characters.plain(html.unescape(text) if "&" in text else text)
        if "<" in plain:
            plain = _TAG.sub("", plain)
        if "\\" in plain:
            plain = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), plain).replace("\\n", " ")
        if "%20" in plain:
            plain = plain.replace("%20", " ")
        plain = _OVERDOSED.sub(lambda m: "oded" if m.group(1) else f"od{m.group(2)}", plain).replace("'", "")
        plain = _COMMAND.sub(r"\1(", plain)
        return [_BREAKS.get(token[0], token) for token in _TOKEN.findall(plain)]

    def _row(self, before: list[str], after: list[str], memory: Memory, work: Work) -> Row:
        older, newer = self._words(before, memory, work), self._words(after, memory, work)
        while older and older[-1][0] == _BREAK:
            older.pop()
        words = self._canon.joined(older + newer)
        return self._fill(words, max(0, len(words) - len(newer)))

    def _words(self, tokens: Iterable[str], memory: Memory, work: Work) -> list[tuple[str, ...]]:
        out: list[tuple[str, ...]] = []
        for token in tokens:
            known = memory.get(token)
            if known is None:
                known = memory[token] = tuple(self._meanings(token, work))
            if known and known[0] == "\x00":
                out += [(word,) for word in known[1:]]
            else:
                out.append(known)
        return self._canon.joined(out)

    def _meanings(self, token: str, work: Work) -> Iterable[str]:
        if token == _BREAK:
            return (_BREAK,)
        spelt = self._canon.spelt(token)
        if spelt is not None:
            return spelt if len(spelt) == 1 else ("\x00", *spelt)
        found = self._vocabulary.meanings(token, work)
        if found == (token,) and not self._vocabulary.knows(token) and not token.isalpha():
            parts = _PARTS.findall(token)
            if len(parts) > 1:
                return ("\x00", *parts)
        spelt = self._canon.spelt(found[0])
        if spelt is not None and len(spelt) > 1:
            return ("\x00", *spelt)
        return [(self._canon.spelt(meant) or (meant,))[0] for meant in found]

    def _fill(self, words: list[tuple[str, ...]], new_from: int) -> Row:
        size, places = len(words), _Places(len(words))
        keys: dict[str, list[str]] = {}
        for place, meanings in enumerate(words):
            for word in meanings:
                known = keys.get(word)
                if known is None:
                    known = keys[word] = ["\n"] if word == _BREAK else self._keys(word)
                for key in known:
                    places.add(key, place)
        at = places.sets()
        breaks, every = at.pop("\n", 0), (1 << size) - 1
        stops = at.pop("\x1f", 0)
        return Row(
            size, every & ~breaks, 1 | (breaks << 1), breaks | (1 << size), every & ~breaks & ~stops, new_from, at
        )

    def _keys(self, word: str) -> list[str]:
        return self._vocabulary.keys(word) + (["\x1f"] if word in _SCOPE_ENDS else [])

    def _loosened(self, tokens: list[str], work: Work) -> list[str]:
        breaks = tokens.count(_BREAK)
        if breaks >= 2 and len(tokens) - breaks <= 2.5 * breaks:
            tokens = [token for token in tokens if token != _BREAK]
        tokens = [_BREAK if token == _SOFT else token for token in tokens]
        out: list[str] = []
        for single, run in groupby(tokens, key=lambda token: len(token) == 1 and token != _BREAK):
            letters = list(run)
            if single and len(letters) >= 3:
                out += self._parted("".join(letters), work)
            else:
                out += [part for token in letters for part in self._parted(token, work)]
        return out

    def _parted(self, token: str, work: Work) -> list[str]:
        if len(token) < _JOINED_FROM or self._vocabulary.knows(token) or not token.isascii():
            return [token]
        if is_stretched(token):
            return [token]
        if not work.spend_joined(len(token)):
            return [token]
        return part_words(token, self._vocabulary) or [token]


def _is_foreign(char: str) -> bool:
    return char > "\u024f" and (char.isalpha() or char == "\ufffd" or "\ud800" <= char <= "\uf8ff")


def _firm(tokens: list[str]) -> list[str]:
    return [token for token in tokens if token != _SOFT]


class _Places:
    """Collects, for each key, the set of its places as one whole number."""

    def __init__(self, size: int) -> None:
        self._width = size // 8 + 1
        self._bytes: dict[str, bytearray] = {}

    def add(self, key: str, place: int) -> None:
        row = self._bytes.get(key)
        if row is None:
            row = self._bytes[key] = bytearray(self._width)
        row[place >> 3] |= 1 << (place & 7)

    def sets(self) -> dict[str, int]:
        return {key: int.from_bytes(row, "little") for key, row in self._bytes.items()}


class Canon:
    """One way to write what has several: shorthand ("u" -> "you") and joined words ("i am" -> "im")."""

    def __init__(self, spellings: Mapping[str, str], joins: Mapping[str, str]) -> None:
        self._spellings = {short: tuple(long.split()) for short, long in spellings.items()}
        self._joins = {tuple(pair.split()): joined for pair, joined in joins.items()}

    def spelt(self, word: str) -> tuple[str, ...] | None:
        return self._spellings.get(word)

    def words(self, run: Sequence[str]) -> list[str]:
        """A run of words of a phrase, written as texts are."""
        spelt = [(word,) for token in run for word in (self._spellings.get(token) or (token,))]
        return [words[0] for words in self.joined(spelt)]

    def joined(self, words: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        out: list[tuple[str, ...]] = []
        for meanings in words:
            pair = (out[-1][0], meanings[0]) if out else ("", "")
            joined = self._joins.get(pair)
            if joined is None:
                out.append(meanings)
            else:
                out[-1] = (joined,)
        return out


def part_words(joined: str, vocabulary: Vocabulary) -> list[str]:
    """Part "iwanttodie" into known words, as few as possible; empty when it cannot be parted whole."""
    best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(joined)
    for end in range(1, len(joined) + 1):
        for start in range(max(0, end - _PIECE_MOST), end):
            before = best[start]
            if before is None or not _is_part(joined[start:end], vocabulary):
                continue
            count = before[0] + 1 + (end - start == 1)
            current = best[end]
            if current is None or count < current[0]:
                best[end] = (count, start)
    return _walk_back(joined, best)


def _is_part(piece: str, vocabulary: Vocabulary) -> bool:
    return piece in vocabulary.words and (len(piece) > 1 or piece in "iau")


def _walk_back(joined: str, best: Sequence[tuple[int, int] | None]) -> list[str]:
    words, end = [], len(joined)
    while end:
        step = best[end]
        if step is None:
            return []
        words.append(joined[step[1] : end])
        end = step[1]
    return words[::-1]
