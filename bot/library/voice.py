"""What no text may say, read from content/voice.yml, and where a text says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadContent
from bot.library.nodes import Place, read_file

# A run of three digits or more is a number to ring or looks like one; 5-4-3-2-1 is the grounding exercise.
_NUMBER = re.compile(r"(?<![\d-])\d[\d\s().-]*\d{2}[\d\s().-]*(?<=\d)")
_COUNTDOWN = "5-4-3-2-1"
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà{}"
)


@dataclass(frozen=True)
class Ban:
    """Words that may not be said, and what to write instead."""

    pattern: re.Pattern[str]
    because: str
    instead: str


@dataclass(frozen=True)
class Voice:
    """The rules of the voice, ready to be held against a text."""

    bans: tuple[Ban, ...]
    reserved: tuple[str, ...]

    def faults(self, text: str) -> Iterator[str]:
        """What is wrong with a text, each as "what: why; what to do"."""
        plain = text.replace("**", "").replace("’", "'")
        for ban in self.bans:
            found = ban.pattern.search(plain)
            if found:
                yield f"says '{found[0].strip()}' ({ban.because}); write: {ban.instead}"
        if "!" in plain:
            yield "has an exclamation mark; end with a full stop"
        number = phone_like(plain)
        if number:
            yield f"has the number '{number}'; write {{helpline}} or {{emergency}}, or words"
        word = self._invited(plain)
        if word:
            yield f"invites the reserved word '{word}' as an answer; ask in another way"
        if text.count("**") not in ({0, 2, 4} if "{second}" in text else {0, 2}):
            yield "has an open ** or more than one bold phrase"

    def _invited(self, text: str) -> str | None:
        words = "|".join(map(re.escape, self.reserved))
        shouted = re.search(rf"\b(?:{words})\b", text)
        asked = re.search(
            rf"\b(?:reply|answer|type|text|write|send)\s+(?:with\s+)?[\"']({words})[\"']", text, re.IGNORECASE
        )
        found = shouted or asked
        return found[0] if found else None

    def may_be_a_title(self, title: str) -> bool:
        """A choice may not be called like a word that a phone company takes as a command."""
        return title.strip(" .?").upper() not in self.reserved


def phone_like(text: str) -> str | None:
    """Digits that look like a number to ring, or None."""
    found = _NUMBER.search(text.replace(_COUNTDOWN, ""))
    return found[0] if found else None


def not_gsm(text: str) -> str:
    """The characters that would make a text message twice as long; empty when there are none."""
    return "".join(sorted(set(text) - _GSM))


def read_voice(folder: Path, problems: list[BadContent]) -> Voice:
    """content/voice.yml; without the file there are no rules, and that is written down as a mistake."""
    path = folder / "voice.yml"
    if not path.exists():
        problems.append(BadContent(str(path), 1, "(file)", "is missing"))
        return Voice((), ())
    place = read_file(path, str(path), problems)
    if place is None:
        return Voice((), ())
    found = place.fields(["never", "reserved"])
    reserved = tuple(item.text().upper() for item in found["reserved"].items(1))
    return Voice(tuple(_ban(item) for item in found["never"].items(1)), reserved)


def _ban(item: Place) -> Ban:
    found = item.fields(["because", "instead"], ["words", "openings"])
    parts = []
    if "words" in found:
        parts.append(rf"\b(?:{_any_of(found['words'])})\b")
    if "openings" in found:
        parts.append(rf"(?:^|(?<=[.?!:]\s))(?:{_any_of(found['openings'])})\b")
    if not parts:
        item.complain("needs 'words' or 'openings'")
    pattern = re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
    return Ban(pattern, found["because"].text(), found["instead"].text())


def _any_of(place: Place) -> str:
    return "|".join(re.escape(word.text()) for word in place.items(1))
