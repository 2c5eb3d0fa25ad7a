"""Our values as the page's script and other clients read them (JSON), and as the templates show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.web.markup import Piece, pieces
from bot.conversation.model import Line, OfferedChoice, Outgoing

REMIND_EVERY = timedelta(hours=3)


def outgoing_json(reply: Outgoing, emergency: str) -> dict[str, Any]:
    """One message to the person; `pieces` is its text split for showing."""
    return {
        "id": reply.id,
        "kind": reply.kind,
        "text": reply.text,
        "pieces": pieces(reply.text, emergency),
        "choices": [{"id": choice.id, "title": choice.title} for choice in reply.choices],
        "source": reply.source,
        "at": reply.at.isoformat(),
        "in_reply_to": reply.in_reply_to,
    }


def line_json(line: Line, emergency: str) -> dict[str, Any]:
    """One line of history, of either side."""
    told = outgoing_json(line.outgoing, emergency) if line.outgoing else None
    return {"from": "nightlight" if told else "you", "at": line.at.isoformat(), "text": line.text, "message": told}


@dataclass(frozen=True)
class Shown:
    """One line as a template shows it. `remind`: say once more, above it, that this is a program."""

    at: datetime
    text: str
    remind: bool = False
    outgoing: Outgoing | None = None
    pieces: Sequence[Piece] = ()
    choices_open: bool = False

    @property
    def choices(self) -> tuple[OfferedChoice, ...]:
        return self.outgoing.choices if self.outgoing else ()


def shown(lines: Sequence[Line], emergency: str) -> list[Shown]:
    """History for a template: bold split, old choices closed, a reminder every three hours."""
    newest = next((line.outgoing for line in reversed(lines) if line.outgoing), None)
    told_at = lines[0].at if lines else None
    found: list[Shown] = []
    for line in lines:
        remind = told_at is not None and line.at - told_at >= REMIND_EVERY
        told_at = line.at if remind else told_at
        found.append(_one(line, newest, remind, emergency))
    return found


def last_reminded(lines: Sequence[Shown], otherwise: datetime) -> datetime:
    """When the person was last told that this is a program."""
    return next((line.at for line in reversed(lines) if line.remind), lines[0].at if lines else otherwise)


def last_id(replies: Iterable[Line | Shown]) -> int:
    """The highest id among these lines, 0 when there is none."""
    return max((line.outgoing.id for line in replies if line.outgoing), default=0)


def _one(line: Line, newest: Outgoing | None, remind: bool, emergency: str) -> Shown:
    if line.outgoing is None:
        return Shown(line.at, line.text, remind)
    is_open = newest is not None and line.outgoing.in_reply_to == newest.in_reply_to
    return Shown(line.at, line.text, remind, line.outgoing, pieces(line.outgoing.text, emergency), is_open)
