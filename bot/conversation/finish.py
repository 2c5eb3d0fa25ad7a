"""The transaction that ends a turn: answered, remembered, said and done, or none of it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.claims import go_on
from bot.conversation.commands import carry_out, wants_erasure
from bot.conversation.model import Kind
from bot.conversation.outbox import say
from bot.conversation.records import Job
from bot.conversation.storage import LeaseLost, UnitOfWork
from bot.people.model import Person
from bot.turns import Reply, TurnResult


@dataclass(frozen=True)
class Ended:
    """What follows from the end of a turn."""

    next: Job | None
    said: bool = False
    escalated: bool = False


class Finisher:
    """Ends turns; every method runs inside one transaction and holds only while the token is ours."""

    def __init__(self, rng: random.Random, lease_s: float, husk_s: float) -> None:
        self._rng = rng
        self._lease = timedelta(seconds=lease_s)
        self._husk = timedelta(seconds=husk_s)

    def answer(self, work: UnitOfWork, job: Job, result: TurnResult, at: datetime) -> Ended:
        """Raises LeaseLost when somebody else ended this turn."""
        if wants_erasure(result):
            return self._forget(work, job, result, at)
        work.save_state(job.person.id, job.token, result.state)
        seen = result.understood
        if not work.close_inbound(job.waiting.id, "answered", at, seen.intent, seen.confidence):
            raise LeaseLost
        done = carry_out(work, job, result.commands, at)
        said = self._say(work, job, "reply", result.replies, at)
        following = go_on(work, replace(job, person=done.person, state=result.state, noticed_at=None), at + self._lease)
        return Ended(following, said, done.escalated)

    def close(self, work: UnitOfWork, job: Job, outcome: str, notice: Reply | None, at: datetime) -> Ended:
        """End a turn without the brain. The person gets the notice unless one came after their message."""
        work.check_token(job.person.id, job.token)
        if not work.close_inbound(job.waiting.id, outcome, at):
            raise LeaseLost
        told = job.noticed_at is not None and job.noticed_at >= job.waiting.received_at
        if notice is not None and not told:
            self.notice(work, job, notice, at)
        noticed_at = job.noticed_at if told or notice is None else at
        following = go_on(work, replace(job, noticed_at=noticed_at), at + self._lease)
        return Ended(following, notice is not None and not told)

    def notice(self, work: UnitOfWork, job: Job, notice: Reply, at: datetime) -> None:
        """Tell the person that the answer is late."""
        work.note_notice(job.person.id, job.token, at)
        self._say(work, job, "notice", (notice,), at)

    def _say(self, work: UnitOfWork, job: Job, kind: Kind, replies: Iterable[Reply], at: datetime) -> bool:
        place, message_id = job.waiting.place, job.waiting.id
        said = say(
            work, self._rng, replies, person_id=job.person.id, place=place, kind=kind, at=at, in_reply_to=message_id
        )
        return bool(said)

    def postpone(self, work: UnitOfWork, job: Job, at: datetime, due_at: datetime) -> Ended:
        """A timer that met a silent brain comes again later, and does not stand before the person's own words."""
        work.check_token(job.person.id, job.token)
        work.postpone_timer(job.waiting, due_at)
        return Ended(go_on(work, job, at + self._lease))

    def _forget(self, work: UnitOfWork, job: Job, result: TurnResult, at: datetime) -> Ended:
        """Everything goes; a husk under a new id carries the confirmation for as long as it may take to be read."""
        work.check_token(job.person.id, job.token)
        fresh = Person(f"{self._rng.getrandbits(128):032x}", region=job.person.region)
        work.begin_again(job.person.id, fresh, job.waiting, at, at + self._husk)
        job = replace(job, person=fresh, state=None, noticed_at=None)
        said = self._say(work, job, "reply", result.replies, at)
        return Ended(go_on(work, job, at + self._lease), said)
