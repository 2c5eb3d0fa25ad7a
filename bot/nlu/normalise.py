"""Rewrites phone shorthand and recovery slang into plain words, so that the encoder reads what was meant.

"my po is makin me pee 2moro" -> "my probation officer is making me pee tomorrow". Only what the encoder reads is
rewritten; the person's own words, the safety screen and the entities are untouched. The table is
bot/nlu/words/shorthand.yml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from bot.nlu.words import load

_STRETCHED = re.compile(r"([a-z])\1{2,}")
_WORD_EDGE = r"(?<![\w'])(?:{})(?![\w'])"


class Normaliser:
    """Plain words for shorthand, by a table of phrases, words, word endings and emoji."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._emoji = {sign.replace("\ufe0f", ""): f" {words} " for sign, words in table["emoji"].items()}
        self._words = {**table["words"], **table["phrases"]}

    @classmethod
    def from_file(cls, path: Path) -> Normaliser:
        """Read the table. Raises BadContent with the line when it is not a table of texts."""
        return cls(load(path, ("phrases", "words", "emoji")))

    def __call__(self, text: str) -> str:
        """The text in plain lower-case words; never empty unless the text is."""
        plain = text.replace("’", "'").replace("`", "'").replace("\ufe0f", "").lower()
        for sign, words in self._emoji.items():
            plain = plain.replace(sign, words)
        plain = self._rewrite(_STRETCHED.sub(self._shrink, plain))
        return " ".join(plain.split()) or text

    def _rewrite(self, text: str) -> str:
        # once more, because a phrase may be written with shorthand ("hella ds n cant slp")
        return self._pattern.sub(self._meaning, self._pattern.sub(self._meaning, text))

    def _meaning(self, match: re.Match[str]) -> str:
        return self._words[" ".join(match.group().split())]

    def _shrink(self, match: re.Match[str]) -> str:
        # "sooo" -> "so" but "heyyy" -> "hey", "feeel" -> "feel": two are kept only where English doubles a letter
        # inside a word; at its end one letter is right more often.
        at_end = match.end() == len(match.string) or not match.string[match.end()].isalpha()
        return match.group(1) if at_end and match.group(1) not in "els" else match.group(1) * 2

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._words, key=lambda words: (-len(words), words))
        spaced = (re.escape(words).replace(r"\ ", r"\s+") for words in longest_first)
        return re.compile(_WORD_EDGE.format("|".join(spaced)))
