"""What a person tells us about themselves, checked before it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from bot.people.model import UNKNOWN_REGION

NAME_LENGTH = 60
_REGION = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def region_of(word: object) -> str | None:
    """A region as we keep it ("us" -> "US"); None when it is none."""
    if not isinstance(word, str):
        return None
    code = word.strip().upper()
    return code if code == UNKNOWN_REGION or _REGION.fullmatch(code) else None


def name_of(word: object) -> str | None:
    """A name on one line, at most 60 characters; None when nothing is left."""
    if not isinstance(word, str):
        return None
    return " ".join(word.split())[:NAME_LENGTH] or None


def language_of(word: object) -> str | None:
    return word if isinstance(word, str) and _LANGUAGE.fullmatch(word) else None


def zone_of(word: object) -> str | None:
    return word if isinstance(word, str) and word in available_timezones() else None


_READERS: Mapping[str, Callable[[object], str | None]] = {
    "name": name_of,
    "region": region_of,
    "language": language_of,
    "zone": zone_of,
}


def changes(told: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a profile that can be kept; what cannot be read is left as it was."""
    read = {key: reader(told.get(key)) for key, reader in _READERS.items() if key in told}
    return {key: value for key, value in read.items() if value is not None}
