"""What goes out, as a sender sees it: leased with a token, tried, settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from bot.conversation.records import Expired, Parcel, Place
from bot.conversation.storage import SendState
from bot.store.base import Rows
from bot.store.outbox_rows import read_outgoing, shown
from bot.store.tables import AttemptRow, OutboxRow


class SendingRowsIn(Rows):
    """The part of a unit of work that senders use."""

    def claim_due(self, channel: str, now: datetime, until: datetime, limit: int) -> list[Parcel]:
        due = shown().add_columns(OutboxRow.address, OutboxRow.token, OutboxRow.attempts)
        due = due.where(OutboxRow.channel == channel, OutboxRow.state == "queued", _due(now), ~_overtakes())
        due = due.order_by(OutboxRow.priority, OutboxRow.id).limit(limit)
        if self.locks:
            due = due.with_for_update(skip_locked=True)
        rows = self.db.execute(due).all()
        return [parcel for row in rows if (parcel := self._lease(channel, row, now, until))]

    def _lease(self, channel: str, row: Any, now: datetime, until: datetime) -> Parcel | None:
        address, token, attempts = row[7:]
        mine = (OutboxRow.id == row[0]) & (OutboxRow.state == "queued") & (OutboxRow.token == token)
        change = {"state": "leased", "token": token + 1, "attempts": attempts + 1, "lease_until": until}
        if self.db.execute(update(OutboxRow).where(mine).values(**change)).rowcount != 1:
            return None
        attempt = {"outbox_id": row[0], "token": token + 1, "started_at": now}
        self.db.execute(self.insert(AttemptRow), attempt)
        return Parcel(read_outgoing(row), Place(channel, address), token + 1, attempts + 1)

    def settle(
        self,
        outbox_id: int,
        token: int,
        state: SendState,
        at: datetime,
        *,
        outcome: str = "",
        provider_id: str | None = None,
        not_before: datetime | None = None,
    ) -> bool:
        change: dict[str, Any] = {"state": state, "lease_until": None, "not_before": not_before}
        if state == "handed":
            change |= {"handed_at": at, "provider_id": provider_id}
        mine = (OutboxRow.id == outbox_id) & (OutboxRow.token == token) & (OutboxRow.state == "leased")
        settled = self.db.execute(update(OutboxRow).where(mine).values(**change)).rowcount == 1
        self._end_attempt(outbox_id, token, at, outcome or state, settled)
        return settled

    def _end_attempt(self, outbox_id: int, token: int, at: datetime, outcome: str, settled: bool) -> None:
        """What came of a try is kept even when the lease was lost: it tells what a phone may have shown."""
        mine: Any = (AttemptRow.outbox_id == outbox_id) & (AttemptRow.token == token)
        words = outcome if settled else f"{outcome} (too late)"
        self.db.execute(update(AttemptRow).where(mine).values(ended_at=at, outcome=words))

    def expired_leases(self, now: datetime, limit: int) -> list[Expired]:
        what = (OutboxRow.id, OutboxRow.token, OutboxRow.channel, OutboxRow.kind, OutboxRow.attempts)
        late = (OutboxRow.state == "leased") & (OutboxRow.lease_until <= now)
        return [Expired(*row) for row in self.db.execute(select(*what).where(late).limit(limit))]  # type: ignore[arg-type]

    def confirm_delivery(self, channel: str, provider_id: str, delivered: bool, at: datetime) -> bool:
        theirs = (OutboxRow.channel == channel) & (OutboxRow.provider_id == provider_id)
        open_ones = theirs & OutboxRow.state.in_(("handed", "unknown"))
        change = {"state": "delivered", "delivered_at": at} if delivered else {"state": "failed"}
        return self.db.execute(update(OutboxRow).where(open_ones).values(**change)).rowcount > 0


def _due(now: datetime) -> Any:
    return or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now)


def _overtakes() -> Any:
    """True for a row that would pass an earlier one of the same address; urgent words may pass all others."""
    other = aliased(OutboxRow)
    same = (other.channel == OutboxRow.channel) & (other.address == OutboxRow.address)
    earlier = or_(
        other.priority < OutboxRow.priority,
        and_(other.priority == OutboxRow.priority, other.id < OutboxRow.id),
    )
    return select(other.id).where(same, other.state.in_(("queued", "leased")), earlier).exists()
