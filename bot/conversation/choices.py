"""What a person chose, by pressing it or by writing its number or its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversation.records import OfferedMeaning

LONGEST = 120
_NUMBER = re.compile(r"\(?([1-9]|1[0-9]|20)\)?\s*[.)]?")
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def may_be_choice(text: str) -> bool:
    """False for what is plainly a sentence; saves looking up what was offered."""
    return 0 < len(text.strip()) <= LONGEST


def written(text: str, offered: Sequence[OfferedMeaning], state: Mapping[str, Any] | None) -> OfferedMeaning | None:
    """The offered choice that these words name, if any.

    A number is not a choice while the dialogue waits for a number (`wants_number` in the brain's state).
    """
    said = text.strip().casefold()
    for meaning in offered:
        if _plain(said) and _plain(said) == _plain(meaning.title.casefold()):
            return meaning
    number = _number(said)
    if number is None or number > len(offered) or (state or {}).get("wants_number"):
        return None
    return offered[number - 1]


def _plain(words: str) -> str:
    """Only letters and numbers: people leave out apostrophes and full stops."""
    return " ".join(re.sub(r"[^\w\s]", "", words).split())


def _number(said: str) -> int | None:
    found = _NUMBER.fullmatch(said)
    if found:
        return int(found.group(1))
    word = said.rstrip(".")
    return _COUNTED.index(word) + 1 if word in _COUNTED else None
