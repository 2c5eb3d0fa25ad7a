"""How hard a text is to read, as a US school grade (Flesch-Kincaid). Pure; the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENTENCE_END = re.compile(r"[.?!:](?:\s|$)|\n+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(r"(?:ia|io|eo|ua|uo|iu)(?!u)(?=[a-z])|[iy]ing$")
_ONE_SOUND = re.compile(r"(?:tion|sion|cial|tial|cious|tious|gion|geo|quo|qua)")
_SILENT_END = re.compile(r"[^aeiouylr]e$|[aeiouy]re$|[^aeiouytd]ed$|[^aeiouyscxzgh]es$|[aeiouy]le$|eye$")
_SILENT_INSIDE = re.compile(r"(?<=[aeiouy][^aeiouyl])e(?=(?:ly|ty|ful|ment|ments|less|ness|thing)$)")
_NOT = re.compile(r"[sd]nt$")

_BEATS = {
    "naloxone": 4, "people": 2, "area": 3, "idea": 3, "ideas": 3, "tired": 2, "quiet": 2, "clothes": 1, "every": 2,
    "everything": 3, "everyone": 3, "evening": 2, "fire": 1, "anxiety": 4, "science": 2, "client": 2, "being": 2,
    "buprenorphine": 5, "diet": 2, "cruel": 2, "giant": 2, "violent": 3, "violence": 3, "society": 4, "variety": 4,
    "moment": 2, "business": 2, "different": 2, "something": 2, "sometimes": 2, "someone": 2, "somewhere": 2,
    "somebody": 3, "whole": 1, "overdose": 3, "seeing": 2, "going": 2, "doing": 2,
}  # fmt: skip


def syllables(word: str) -> int:
    """How many beats a word has; right for nearly all everyday words, within one for the rest."""
    plain = word.lower().replace("'", "")
    if plain in _BEATS:
        return _BEATS[plain]
    beats = len(_VOWELS.findall(plain))
    beats += len(_TWO_SOUNDS.findall(_ONE_SOUND.sub("tan", plain)))
    beats -= len(_SILENT_END.findall(plain)) + len(_SILENT_INSIDE.findall(plain))
    beats += bool(_NOT.search(plain))
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
