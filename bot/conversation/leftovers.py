"""Pick up what another process, or an earlier life of this one, left lying."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.conversation.claims import claim
from bot.conversation.model import Inbound
from bot.conversation.pace import Pace
from bot.conversation.receive import Receiver
from bot.conversation.records import Job, Kept
from bot.conversation.spool import Spool, read
from bot.conversation.storage import Store, StoreDown, UnitOfWork

log = logging.getLogger(__name__)
AT_ONCE = 100


class Leftovers:
    """Unanswered messages nobody holds, the spool, and husks whose time has come."""

    def __init__(self, store: Store, spool: Spool, receiver: Receiver, clock: Clock, pace: Pace) -> None:
        self._store, self._spool, self._receiver = store, spool, receiver
        self._clock, self._pace = clock, pace
        self._draining = asyncio.Lock()

    async def unanswered(self, is_ours: Callable[[str], bool]) -> list[Job]:
        """Turns that nobody is taking. Raises StoreDown."""
        now = self._clock.now()
        people = await self._store.read(lambda work: work.people_waiting(now, AT_ONCE))
        claims = [self._store.write(partial(self._claim, who)) for who in people if not is_ours(who)]
        return [job for job in await asyncio.gather(*claims) if job is not None]

    def _claim(self, person_id: str, work: UnitOfWork) -> Job | None:
        talk = work.talk_of(person_id)
        now = self._clock.now()
        if talk is None:
            return None
        return claim(work, talk, now, now + timedelta(seconds=self._pace.lease))

    async def drain_spool(self, then: Callable[[Inbound, Kept], None]) -> int:
        """Move spooled messages into the inbox, in order; `then` hears of each at once, for its turn may be ours.

        Raises:
            StoreDown: What was moved stays moved, and is recognised when it comes again.
        """
        if self._spool.is_empty:
            return 0
        async with self._draining:
            return sum([await self._drain_file(path, then) for path in self._spool.seal()])

    async def _drain_file(self, path: Path, then: Callable[[Inbound, Kept], None]) -> int:
        found = read(path)
        for inbound in found:
            await self._replay(inbound, then)
        self._spool.done(path)
        return len(found)

    async def _replay(self, inbound: Inbound, then: Callable[[Inbound, Kept], None]) -> None:
        """One message; one that the inbox refuses is set aside for a human, and does not hold up the others."""
        try:
            then(inbound, await self._receiver.replay(inbound))
        except StoreDown:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the next one must go on
            log.error("a spooled message was set aside: %s", type(error).__name__)
            self._spool.set_aside(inbound)

    async def renew(self, held: Sequence[tuple[str, int]]) -> None:
        """A sign of life for the conversations we hold. Raises StoreDown."""
        if held:
            until = self._clock.now() + timedelta(seconds=self._pace.lease)
            await self._store.write(lambda work: work.renew_talks(held, until))

    async def erase_husks(self) -> None:
        """Remove confirmations of erasure that have had their time. Raises StoreDown."""
        husks = await self._store.read(lambda work: work.husks(self._clock.now(), AT_ONCE))
        for person_id in husks:
            await self._store.write(partial(_erase_husk, person_id))

    async def erase_the_silent(self) -> int:
        """Erase the conversations of people who have not written for a long time; says how many. Raises StoreDown."""
        before = self._clock.now() - timedelta(seconds=self._pace.keep_words)
        silent = await self._store.read(lambda work: work.silent_since(before, AT_ONCE))
        for person_id in silent:
            await self._store.write(partial(_erase_if_silent, person_id, before))
        return len(silent)


def _erase_if_silent(person_id: str, before: datetime, work: UnitOfWork) -> None:
    """They may have written since they were looked for."""
    if work.is_silent(person_id, before):
        work.erase_person(person_id)


def _erase_husk(person_id: str, work: UnitOfWork) -> None:
    work.erase_husk(person_id)
