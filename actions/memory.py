"""What an action needs from outside the message: the content library, loaded once at first use."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from bot.library.load import load_library
from bot.library.model import Library
from bot.safety import Screen, load_screen
from bot.safety.content import SafetyContent

CONTENT = Path(__file__).resolve().parent.parent / "bot" / "content"


@lru_cache(maxsize=1)
def library() -> Library:
    """The content library. What is out of date is judged with the moment of each message, not with this day."""
    return load_library(CONTENT, date.today())  # noqa: DTZ011 - only a default; each call passes its own day


@lru_cache(maxsize=1)
def safety_content() -> SafetyContent:
    """The safety words, for the steps that follow the first ones."""
    return load_screen(CONTENT / "safety").content


def moment(now: str) -> datetime:
    """The local moment of a message, aware."""
    return datetime.fromisoformat(now)


def screen() -> Screen:
    """The same safety screen that the app uses."""
    return load_screen(CONTENT / "safety")
