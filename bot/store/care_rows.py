"""What must not be forgotten: escalations, timers, feedback; and what is still unfinished."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, select, union_all, update
from sqlalchemy.orm import aliased

from bot.conversation.records import LEVELS, DueTimer, NewTimer, Place, Seen, Unfinished, Waiting
from bot.store.base import Rows
from bot.store.tables import EscalationRow, FeedbackRow, InboxRow, OutboxRow, PersonRow, TimerRow


class CareRowsIn(Rows):
    """The part of a unit of work that keeps promises."""

    def open_escalation(self, person_id: str, seen: Seen, message_id: int | None, at: datetime) -> bool:
        same = (EscalationRow.person_id == person_id) & (EscalationRow.kind == seen.kind)
        query = select(EscalationRow.id, EscalationRow.level).where(same, EscalationRow.status != "closed")
        row = self.db.execute(query).first()
        if row is None:
            values = {"person_id": person_id, "kind": seen.kind, "level": seen.level, "because": list(seen.because)}
            self.db.execute(self.insert(EscalationRow), values | {"cause": message_id, "opened_at": at})
            return True
        if LEVELS.index(row.level) < seen.rank:
            self.db.execute(update(EscalationRow).where(EscalationRow.id == row.id).values(level=seen.level))
        return False

    def note_feedback(self, topic: str, helpful: bool, at: datetime) -> None:
        self.db.execute(self.insert(FeedbackRow), {"topic": topic, "helpful": helpful, "at": at})

    def set_timer(self, new: NewTimer) -> int:
        self.cancel_timer(new.person_id, new.key)
        values = {"person_id": new.person_id, "channel": new.place.channel, "address": new.place.address}
        values |= {"key": new.key, "payload": new.payload}
        added = self.insert(TimerRow).returning(TimerRow.id)
        timer_id: int = self.db.execute(added, values | {"due_at": new.due_at}).scalar_one()
        return timer_id

    def cancel_timer(self, person_id: str, key: str) -> None:
        theirs = (TimerRow.person_id == person_id) & (TimerRow.key == key) & (TimerRow.status == "waiting")
        self.db.execute(update(TimerRow).where(theirs).values(status="cancelled"))

    def due_timers(self, now: datetime, limit: int) -> list[DueTimer]:
        what = (TimerRow.id, TimerRow.person_id, TimerRow.channel, TimerRow.address, TimerRow.payload, TimerRow.due_at)
        due = (TimerRow.status == "waiting") & (TimerRow.due_at <= now)
        rows = self.db.execute(select(*what).where(due).order_by(TimerRow.due_at, TimerRow.id).limit(limit))
        return [DueTimer(row[0], row[1], Place(row[2], row[3]), row[4], row[5]) for row in rows]

    def fire_timer(self, timer_id: int) -> bool:
        mine = (TimerRow.id == timer_id) & (TimerRow.status == "waiting")
        return self.db.execute(update(TimerRow).where(mine).values(status="fired")).rowcount == 1

    def postpone_timer(self, waiting: Waiting, due_at: datetime) -> None:
        timer_id = int(waiting.provider_id.removeprefix("timer:"))
        self.db.execute(delete(InboxRow).where(InboxRow.id == waiting.id))
        other = aliased(TimerRow)
        same = (other.person_id == TimerRow.person_id) & (other.key == TimerRow.key) & (other.status == "waiting")
        mine = (TimerRow.id == timer_id) & (TimerRow.status == "fired") & ~select(other.id).where(same).exists()
        self.db.execute(update(TimerRow).where(mine).values(status="waiting", due_at=due_at))

    def unfinished(self, before: datetime, limit: int) -> list[Unfinished]:
        found = [row for query in _open_ends(before) for row in self.db.execute(query.limit(limit)).all()]
        return [Unfinished(what, str(row_id), state, since) for what, row_id, state, since in found]

    def counts(self) -> dict[str, int]:
        """How many rows are in each state that is not an end."""
        return {name: count for name, count in self.db.execute(union_all(*_counted())) if count}


def _open_ends(before: datetime) -> list[Any]:
    inbox = select(literal("inbox"), InboxRow.id, InboxRow.status, InboxRow.received_at)
    outbox = select(literal("outbox"), OutboxRow.id, OutboxRow.state, OutboxRow.created_at)
    timer = select(literal("timer"), TimerRow.id, TimerRow.status, TimerRow.due_at)
    escalation = select(literal("escalation"), EscalationRow.id, EscalationRow.status, EscalationRow.opened_at)
    ended = ("delivered", "failed", "handed")
    return [
        inbox.where(InboxRow.status == "new", InboxRow.received_at < before),
        outbox.where(OutboxRow.state.not_in(ended), OutboxRow.created_at < before),
        timer.where(TimerRow.status == "waiting", TimerRow.due_at < before),
        escalation.where(EscalationRow.status != "closed", EscalationRow.opened_at < before),
    ]


def _counted() -> list[Any]:
    people = select(literal("people"), func.count(PersonRow.id))
    inbox = select(literal("inbox.new"), func.count(InboxRow.id)).where(InboxRow.status == "new")
    timers = select(literal("timers.waiting"), func.count(TimerRow.id)).where(TimerRow.status == "waiting")
    cases = select(literal("escalations.open"), func.count(EscalationRow.id)).where(EscalationRow.status != "closed")
    states = ("queued", "leased", "unknown", "failed")
    outbox = [
        select(literal(f"outbox.{state}"), func.count(OutboxRow.id)).where(OutboxRow.state == state) for state in states
    ]
    return [people, inbox, timers, cases, *outbox]
