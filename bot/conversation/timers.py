"""Reminders that fall due become messages to the brain, exactly once, late rather than never."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import Clock
from bot.conversation.claims import claim
from bot.conversation.pace import Pace
from bot.conversation.records import DueTimer, Job, NewInbound
from bot.conversation.storage import Store, UnitOfWork

AT_ONCE = 100


class Timers:
    """Fires what is due."""

    def __init__(self, store: Store, clock: Clock, pace: Pace) -> None:
        self._store, self._clock, self._pace = store, clock, pace

    async def fire(self) -> tuple[int, list[Job]]:
        """How many were fired, and the turns that are ours to take. Raises StoreDown."""
        due = await self._store.read(lambda work: work.due_timers(self._clock.now(), AT_ONCE))
        fired = await asyncio.gather(*(self._fire_one(timer) for timer in due))
        return sum(was for was, _ in fired), [job for _, job in fired if job is not None]

    async def _fire_one(self, timer: DueTimer) -> tuple[bool, Job | None]:
        return await self._store.write(lambda work: self._to_inbox(work, timer))

    def _to_inbox(self, work: UnitOfWork, timer: DueTimer) -> tuple[bool, Job | None]:
        talk = work.talk_of(timer.person_id)
        if talk is None or not work.fire_timer(timer.id):
            return False, None
        now = self._clock.now()
        new = NewInbound(talk.person.id, timer.place, f"timer:{timer.id}", "timer", "", now, payload=timer.payload)
        if work.add_inbound(new) is None:
            return False, None
        return True, claim(work, talk, now, now + timedelta(seconds=self._pace.lease))
