"""What goes out, as the conversation and its readers see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.conversation.model import OfferedChoice, Outgoing
from bot.conversation.records import NewOutgoing, OfferedMeaning, Place
from bot.store.base import Rows
from bot.store.tables import OutboxRow


class OutboxRowsIn(Rows):
    """The part of a unit of work that fills the outbox and shows it."""

    def add_outgoing(self, new: NewOutgoing, choice_key: str | None) -> Outgoing:
        choices = [
            {"id": f"{choice_key}.{number}", "title": choice.title, "payload": choice.payload}
            for number, choice in enumerate(new.choices, start=1)
        ]
        values = {
            "person_id": new.person_id,
            "channel": new.place.channel,
            "address": new.place.address,
            "kind": new.kind,
            "priority": new.priority,
            "text": new.text,
            "choice_key": choice_key if choices else None,
            "choices": choices or None,
            "source": new.source,
            "in_reply_to": new.in_reply_to,
            "created_at": new.at,
        }
        row_id = self.db.execute(_add(), values).scalar_one()
        offered = tuple(OfferedChoice(choice["id"], choice["title"]) for choice in choices)
        return Outgoing(row_id, new.kind, new.text, offered, new.source, new.at, new.in_reply_to)

    def urgent_words(self, message_id: int) -> tuple[Outgoing, ...]:
        theirs = (OutboxRow.in_reply_to == message_id) & (OutboxRow.kind == "urgent")
        return tuple(map(read_outgoing, self.db.execute(shown().where(theirs).order_by(OutboxRow.id))))

    def outgoing_since(self, place: Place, after_id: int, limit: int = 200) -> list[Outgoing]:
        asked = {"at_channel": place.channel, "at_address": place.address, "after": after_id}
        return [read_outgoing(row) for row in self.db.execute(_since(limit), asked)]

    def last_offered(self, person_id: str) -> tuple[OfferedMeaning, ...]:
        choices = self.db.scalar(_last_offered(), {"who": person_id})
        return tuple(OfferedMeaning(**choice) for choice in choices or ())

    def offered(self, person_id: str, choice_id: str) -> OfferedMeaning | None:
        key = choice_id.rpartition(".")[0]
        theirs = (OutboxRow.person_id == person_id) & OutboxRow.choices.is_not(None)
        choices = self.db.scalar(select(OutboxRow.choices).where(theirs, OutboxRow.choice_key == key))
        meanings = (OfferedMeaning(**choice) for choice in choices or ())
        return next((meaning for meaning in meanings if meaning.id == choice_id), None)

    def mark_handed(self, ids: Sequence[int], at: datetime) -> None:
        queued = OutboxRow.id.in_(ids) & (OutboxRow.state == "queued")
        self.db.execute(update(OutboxRow).where(queued).values(state="handed", handed_at=at))

    def mark_seen(self, place: Place, up_to_id: int, at: datetime) -> None:
        there = (OutboxRow.channel == place.channel) & (OutboxRow.address == place.address)
        shown_now = there & (OutboxRow.id <= up_to_id) & OutboxRow.state.in_(("queued", "handed"))
        self.db.execute(update(OutboxRow).where(shown_now).values(state="delivered", delivered_at=at))


@cache
def _add() -> Any:
    return insert(OutboxRow).returning(OutboxRow.id)


@cache
def _since(limit: int) -> Any:
    there = (OutboxRow.channel == bindparam("at_channel")) & (OutboxRow.address == bindparam("at_address"))
    return shown().where(there, OutboxRow.id > bindparam("after")).order_by(OutboxRow.id).limit(limit)


@cache
def _last_offered() -> Any:
    theirs = (OutboxRow.person_id == bindparam("who")) & OutboxRow.choices.is_not(None)
    return select(OutboxRow.choices).where(theirs).order_by(OutboxRow.id.desc()).limit(1)


def shown() -> Select[Any]:
    """The columns of an `Outgoing`, in its order."""
    what = (OutboxRow.id, OutboxRow.kind, OutboxRow.text, OutboxRow.choices, OutboxRow.source)
    return select(*what, OutboxRow.created_at, OutboxRow.in_reply_to)


def read_outgoing(row: Any) -> Outgoing:
    row_id, kind, text, choices, source, at, in_reply_to = row[:7]
    offered = tuple(OfferedChoice(choice["id"], choice["title"]) for choice in choices or ())
    return Outgoing(row_id, kind, text, offered, source, at, in_reply_to)
