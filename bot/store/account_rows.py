"""What can be read back of one conversation: how each message was understood, and what was opened because of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

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
        """People whose last message is older than `before` (those without any: since they were made)."""
        last = (
            select(InboxRow.person_id, func.max(InboxRow.received_at).label("at"))
            .group_by(InboxRow.person_id)
            .subquery()
        )
        query = select(PersonRow.id).outerjoin(last, last.c.person_id == PersonRow.id)
        return list(self.db.scalars(query.where(func.coalesce(last.c.at, PersonRow.created_at) < before).limit(limit)))
