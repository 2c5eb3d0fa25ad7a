"""What can be read back of one conversation: how each message was understood, and what was opened because of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from bot.conversation.records import Opened, Place, Reading, Seen
from bot.store.base import Rows
from bot.store.tables import EscalationRow, HandleRow, InboxRow, PersonRow, TimerRow


class AccountRowsIn(Rows):
    """The part of a unit of work that gives an account."""

    def reading(self, message_id: int) -> Reading | None:
        columns = (
            InboxRow.intent,
            InboxRow.outcome,
            InboxRow.safety_kind,
            InboxRow.safety_level,
            InboxRow.safety_because,
        )
        row = self.db.execute(select(*columns).where(InboxRow.id == message_id)).first()
        return None if row is None else Reading(row[0], row[1], Seen(row[2], row[3], tuple(row[4])))

    def opened(self, place: Place) -> list[Opened]:
        query = select(EscalationRow.kind, EscalationRow.level, EscalationRow.because, EscalationRow.opened_at)
        query = query.join(HandleRow, HandleRow.person_id == EscalationRow.person_id)
        here = (HandleRow.channel == place.channel) & (HandleRow.address == place.address)
        rows = self.db.execute(query.where(here).order_by(EscalationRow.id))
        return [Opened(row[0], row[1], tuple(row[2]), row[3]) for row in rows]

    def region_at(self, place: Place) -> str | None:
        here = (HandleRow.channel == place.channel) & (HandleRow.address == place.address)
        return self.db.scalar(select(PersonRow.region).join(HandleRow, HandleRow.person_id == PersonRow.id).where(here))

    def next_timer_at(self) -> datetime | None:
        return self.db.scalar(select(func.min(TimerRow.due_at)).where(TimerRow.status == "waiting"))

    def silent_since(self, before: datetime, limit: int) -> list[str]:
        return list(self.db.scalars(select(PersonRow.id).where(_silent(before)).limit(limit)))

    def is_silent(self, person_id: str, before: datetime) -> bool:
        return self.db.scalar(select(PersonRow.id).where(PersonRow.id == person_id, _silent(before))) is not None


def _silent(before: datetime) -> ColumnElement[bool]:
    """Made before that moment, no message since, no timer waiting."""
    wrote = exists().where(InboxRow.person_id == PersonRow.id, InboxRow.received_at >= before)
    waits = exists().where(TimerRow.person_id == PersonRow.id, TimerRow.status == "waiting")
    return (PersonRow.created_at < before) & ~wrote & ~waits
