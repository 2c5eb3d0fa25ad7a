"""What the actions need from outside a message: the content, read once at first use."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from bot.library.load import load_library
from bot.library.model import Library
from bot.safety import KindContent, Screen, load_content, screen_of

CONTENT = Path(__file__).resolve().parent.parent / "bot" / "content"


@lru_cache(maxsize=1)
def library() -> Library:
    """The content library. What is out of date is judged by the moment of each message, not by this day."""
    return load_library(CONTENT, date.today())  # noqa: DTZ011 - only a default; every call passes its own day


@lru_cache(maxsize=1)
def screen() -> Screen:
    """The same safety screen that the app uses."""
    return screen_of(_safety(), CONTENT / "safety")


@lru_cache(maxsize=1)
def _safety() -> dict[str, KindContent]:
    return load_content(CONTENT / "safety")


def kind_content(kind: str) -> KindContent | None:
    """The words and steps of one kind of danger, None for a kind without any."""
    return _safety().get(kind)


def read_all() -> None:
    """Read everything now, so that a mistake in the content stops the start and not an answer."""
    library()
    screen()
    _safety()
