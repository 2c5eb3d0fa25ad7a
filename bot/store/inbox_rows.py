"""What came in: kept once, answered once, in order."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, exists, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.model import Line
from bot.conversation.records import NewInbound, Place, Seen, Waiting
from bot.store.base import Rows
from bot.store.outbox_rows import read_outgoing, shown
from bot.store.tables import InboxRow, OutboxRow, TalkRow

_WAITING = (
    InboxRow.id,
    InboxRow.channel,
    InboxRow.address,
    InboxRow.provider_id,
    InboxRow.origin,
    InboxRow.text,
    InboxRow.payload,
    InboxRow.received_at,
    InboxRow.safety_kind,
    InboxRow.safety_level,
    InboxRow.safety_because,
    InboxRow.attempts,
)


class InboxRowsIn(Rows):
    """The part of a unit of work that knows the inbox."""

    def add_inbound(self, new: NewInbound) -> int | None:
        values = {
            "person_id": new.person_id,
            "channel": new.place.channel,
            "address": new.place.address,
            "provider_id": new.provider_id,
            "origin": new.origin,
            "text": new.text,
            "payload": new.payload,
            "chosen": new.chosen,
            "received_at": new.received_at,
            "safety_kind": new.seen.kind,
            "safety_level": new.seen.level,
            "safety_because": list(new.seen.because),
        }
        found: int | None = self.db.execute(_add(self.locks), values).scalar()
        return found

    def inbound_id(self, place: Place, provider_id: str) -> int | None:
        there = (InboxRow.channel == place.channel) & (InboxRow.address == place.address)
        same = there & (InboxRow.provider_id == provider_id) & (InboxRow.origin == "person")
        return self.db.scalar(select(InboxRow.id).where(same))

    def recent_words(self, person_id: str, since: datetime, limit: int = 8) -> list[str]:
        newest = self.db.execute(_recent_words(limit), {"who": person_id, "since": since})
        unanswered = takewhile(lambda row: row.safety_level not in ("urgent", "danger"), newest)
        return [row.text for row in unanswered if row.text][::-1]

    def next_waiting(self, person_id: str) -> Waiting | None:
        row = self.db.execute(_next(), {"who": person_id}).first()
        return None if row is None else _read_waiting(row)

    def close_inbound(
        self, message_id: int, outcome: str, at: datetime, intent: str | None = None, confidence: float | None = None
    ) -> bool:
        status = "answered" if outcome == "answered" else "closed"
        ended = {"new_status": status, "new_outcome": outcome, "at": at, "read_as": intent, "sure": confidence}
        return self.db.execute(_close(), ended | {"which": message_id}).rowcount == 1

    def count_attempt(self, message_id: int) -> None:
        more = update(InboxRow).where(InboxRow.id == message_id)
        self.db.execute(more.values(attempts=InboxRow.attempts + 1))

    def people_waiting(self, now: datetime, limit: int) -> list[str]:
        free = or_(TalkRow.lease_until.is_(None), TalkRow.lease_until <= now)
        waits = exists().where(InboxRow.person_id == TalkRow.person_id, InboxRow.status == "new")
        return list(self.db.scalars(select(TalkRow.person_id).where(free, waits).limit(limit)))

    def is_waiting(self, place: Place) -> bool:
        there = (InboxRow.channel == place.channel) & (InboxRow.address == place.address)
        query = select(InboxRow.id).where(there, InboxRow.status == "new", InboxRow.origin == "person")
        return self.db.scalar(query.limit(1)) is not None

    def lines(self, place: Place, limit: int) -> list[Line]:
        lines = self._their_lines(place, limit) + self._our_lines(place, limit)
        return sorted(lines, key=lambda line: (line.at, line.outgoing is not None))[-limit:]

    def _their_lines(self, place: Place, limit: int) -> list[Line]:
        there = (InboxRow.channel == place.channel) & (InboxRow.address == place.address)
        query = select(InboxRow.received_at, InboxRow.text, InboxRow.chosen).where(there, InboxRow.origin == "person")
        rows = self.db.execute(query.order_by(InboxRow.id.desc()).limit(limit)).all()
        return [Line(at, text or chosen or "") for at, text, chosen in reversed(rows)]

    def _our_lines(self, place: Place, limit: int) -> list[Line]:
        there = (OutboxRow.channel == place.channel) & (OutboxRow.address == place.address)
        rows = self.db.execute(shown().where(there).order_by(OutboxRow.id.desc()).limit(limit)).all()
        ours = [read_outgoing(row) for row in reversed(rows)]
        return [Line(out.at, out.text, out) for out in ours]


@cache
def _add(locks: bool) -> Any:
    insert = postgresql.insert(InboxRow) if locks else sqlite.insert(InboxRow)
    return insert.on_conflict_do_nothing().returning(InboxRow.id)


@cache
def _recent_words(limit: int) -> Any:
    theirs = (InboxRow.person_id == bindparam("who")) & (InboxRow.origin == "person")
    newest = select(InboxRow.text, InboxRow.safety_level).where(theirs, InboxRow.received_at >= bindparam("since"))
    return newest.order_by(InboxRow.id.desc()).limit(limit)


@cache
def _next() -> Any:
    theirs = (InboxRow.person_id == bindparam("who")) & (InboxRow.status == literal_column("'new'"))
    return select(*_WAITING).where(theirs).order_by(InboxRow.id).limit(1)


@cache
def _close() -> Any:
    waiting = (InboxRow.id == bindparam("which")) & (InboxRow.status == literal_column("'new'"))
    ended: dict[str, Any] = {
        "status": bindparam("new_status"),
        "outcome": bindparam("new_outcome"),
        "answered_at": bindparam("at"),
    }
    read: dict[str, Any] = {"intent": bindparam("read_as"), "confidence": bindparam("sure")}
    return update(InboxRow).where(waiting).values(**ended, **read)


def _read_waiting(row: Any) -> Waiting:
    message_id, channel, address, provider_id, origin, text, payload, at, kind, level, because, attempts = row
    seen = Seen(kind, level, tuple(because))
    return Waiting(message_id, Place(channel, address), provider_id, origin, text, payload, at, seen, attempts)
