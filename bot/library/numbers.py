"""The numbers that the safety words may name, for one region at one moment.

Who calls it: the app for the first words, the brain for the steps after them; both must name the same line.
"""

from __future__ import annotations

from datetime import datetime

from bot.library.helplines import Helpline
from bot.library.model import Library

PURPOSE_OF = {
    "suicide_line": "crisis",
    "overdose_line": "overdose",
    "domestic_violence_line": "domestic_violence",
    "child_line": "youth",
}


def safety_numbers(library: Library, region: str, at: datetime, channel: str) -> dict[str, str | None]:
    """Placeholder name to number; None where there is no confirmed line of that very purpose that is open.

    Args:
        region: Two letters, or "INT".
        at: The person's local moment, aware.
        channel: On "sms" a line that takes texts is preferred.
    """
    numbers: dict[str, str | None] = {"emergency": library.emergency(region)}
    for name, purpose in PURPOSE_OF.items():
        line = library.helpline(region, purpose, at, channel)
        fits = line is not None and purpose in line.purposes
        numbers[name] = _number(line) if line is not None and fits else None
    return numbers


def _number(line: Helpline) -> str | None:
    """The number to ring; for a line that takes only texts, the number and that it does."""
    return line.call or (f"{line.text} (text)" if line.text else None)
