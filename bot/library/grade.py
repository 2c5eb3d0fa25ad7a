"""How hard a text is to read, as a US school grade (Flesch-Kincaid). Pure; counts syllables by rule, the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENTENCE_END = re.compile(r"[.?!:](?:\s|$)|\n+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(r"(?:ia|io|eo|ua|uo|iu)(?!u)(?=[a-z])|[iy]ing$")
_ONE_SOUND = re.compile(r"(?:tion|sion|cial|tial|cious|tious|gion|geo|quo|qua)")
_SILENT_END = re.compile(r"[^aeiouylr]e$|[^aeiouy]re$|[^aeiouytd]ed$|[^aeiouyscxzgh]es$|[aeiouy]le$|eye$")


def syllables(word: str) -> int:
    """How many beats a word has; right for nearly all everyday words, within one for the rest."""
    plain = word.lower().replace("'", "")
    beats = len(_VOWELS.findall(plain))
    beats += len(_TWO_SOUNDS.findall(_ONE_SOUND.sub("tan", plain)))
    if _SILENT_END.search(plain):
        beats -= 1
    return max(beats, 1)


def grade(texts: Iterable[str]) -> float:
    """The school year at which these texts, read one after the other, are easily read; 0 for no words."""
    sentences, words, beats = 0, 0, 0
    for text in texts:
        plain = _PLACEHOLDER.sub("this one", text).replace("**", "").lower()
        sentences += max(len([part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]), 1)
        found = _WORD.findall(plain)
        words += len(found)
        beats += sum(map(syllables, found))
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * beats / words - 15.59
