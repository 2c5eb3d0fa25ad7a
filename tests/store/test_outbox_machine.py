"""The outbox under every order of claims, answers, losses and late words that Hypothesis can think of."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from sqlalchemy import select

from bot.conversation.records import NewOutgoing, Parcel, Place
from bot.people.model import Person
from bot.store.engine import open_engine
from bot.store.migrate import migrate
from bot.store.tables import AttemptRow, OutboxRow
from bot.store.work import Unit

ENDS = {"handed", "delivered", "failed", "unknown"}
LEASE = timedelta(seconds=30)


class Outbox(RuleBasedStateMachine):
    """One database, some senders that may lose their lease, and a model of what each row may be."""

    parcels = Bundle("parcels")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'x.db'}")
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.ended: dict[int, str] = {}
        self.tokens: dict[int, int] = {}

    @initialize()
    def begin(self) -> None:
        migrate(self.engine)
        for who in "ab":
            self.do(lambda unit, who=who: unit.add_person(Person(who), Place("sms", who), self.now))

    def do(self, work: Any) -> Any:
        with self.engine.begin() as connection:
            return work(Unit(connection))

    @rule(who=st.sampled_from("ab"), kind=st.sampled_from(["urgent", "reply", "notice"]))
    def say(self, who: str, kind: Any) -> None:
        self.do(lambda unit: unit.add_outgoing(NewOutgoing(who, Place("sms", who), kind, "x", self.now), None))

    @rule(target=parcels, most=st.integers(1, 3))
    def claim(self, most: int) -> Any:
        got: list[Parcel] = self.do(lambda unit: unit.claim_due("sms", self.now, self.now + LEASE, most))
        for parcel in got:
            assert parcel.outgoing.id not in self.ended
            assert parcel.token == self.tokens.get(parcel.outgoing.id, 0) + 1
            self.tokens[parcel.outgoing.id] = parcel.token
        addresses = [parcel.place.address for parcel in got]
        assert len(addresses) == len(set(addresses))
        return tuple(got)

    @rule(
        got=consumes(parcels), state=st.sampled_from(["queued", "handed", "failed", "unknown"]), wait=st.integers(0, 60)
    )
    def settle(self, got: tuple[Parcel, ...], state: Any, wait: int) -> None:
        for parcel in got:
            row, later = parcel.outgoing.id, self.now + timedelta(seconds=wait) if state == "queued" else None
            before = self.row(row)
            done = self.do(
                lambda unit, p=parcel, r=row, t=later: unit.settle(r, p.token, state, self.now, not_before=t)
            )
            assert done == (before.state == "leased" and before.token == parcel.token)
            if done and state != "queued":
                self.ended[row] = state

    @rule(seconds=st.integers(1, 60))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def recover(self) -> None:
        for late in self.do(lambda unit: unit.expired_leases(self.now, 10)):
            state = "queued" if late.kind == "urgent" else "unknown"
            assert self.do(lambda unit, x=late, s=state: unit.settle(x.outbox_id, x.token, s, self.now))
            if state == "unknown":
                self.ended[late.outbox_id] = state

    def row(self, row_id: int) -> Any:
        with self.engine.connect().execution_options(reads=True) as connection:
            return connection.execute(select(OutboxRow.__table__).where(OutboxRow.id == row_id)).one()

    @invariant()
    def every_row_is_what_it_should_be(self) -> None:
        with self.engine.connect().execution_options(reads=True) as connection:
            if not connection.dialect.has_table(connection, "outbox"):
                return
            rows = connection.execute(select(OutboxRow.__table__)).all()
            open_tries = connection.execute(select(AttemptRow.outbox_id).where(AttemptRow.ended_at.is_(None))).all()
        leased = [row.id for row in rows if row.state == "leased"]
        assert sorted(row for (row,) in open_tries) == sorted(leased)
        assert {row.id: row.state for row in rows if row.state in ENDS} == self.ended
        routine = [row.address for row in rows if row.state == "leased" and row.kind != "urgent"]
        assert len(routine) == len(set(routine))

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
