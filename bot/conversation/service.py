"""The durable path, put together: what channels call, and what runs behind them."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.conversation.bell import Bell
from bot.conversation.brainline import BrainLine
from bot.conversation.finish import Ended, Finisher
from bot.conversation.firstwords import FirstResponder, Render, Screening
from bot.conversation.keep import Keeper
from bot.conversation.leftovers import Leftovers
from bot.conversation.model import Inbound, Line, Outgoing, Receipt
from bot.conversation.outbox import Reader
from bot.conversation.pace import Pace
from bot.conversation.ports import Brain
from bot.conversation.receive import Receiver
from bot.conversation.records import Health, Kept, Opened, Place, Reading, Unfinished
from bot.conversation.spool import Spool
from bot.conversation.storage import Store, StoreDown, UnitOfWork
from bot.conversation.telling import Notice, Telling
from bot.conversation.timers import Timers
from bot.conversation.turns_worker import TurnWorker
from bot.people.model import UNKNOWN_REGION
from bot.people.profile import region_of
from bot.turns import Reply

log = logging.getLogger(__name__)


def _nobody() -> None:
    """Nobody needs to be told."""


class ConversationService:
    """Implements `bot.conversation.ports.Door`. Works from the moment it is made; `start` adds the background.

    Args:
        store: From `bot.store.database`.
        brain: Takes turns.
        screen: `bot.safety.Screen`.
        spool_dir: A directory of this process alone, on a disk that keeps what it is given.
        first_words: (kind, who, region, channel, at) -> what is said at once; who is "self" or "other".
        first_words_fallback: Said when `first_words` fails.
        words_again: As `first_words`, for the same danger minutes later.
        notice: (name, region, channel, at) -> what is said when the brain is away; name is "" when unknown.
        notice_fallback: Said when `notice` fails.
        on_call: True while a human will truly see an escalation soon.
        on_escalation: Called after an escalation was opened and is on the disk.
        default_region, default_zone: For people who have not told theirs.
        rng: Seeds, ids; `random.SystemRandom()` in service.
        pause: Waits between two tries of a turn.
    """

    def __init__(
        self,
        store: Store,
        brain: Brain,
        screen: Screening,
        *,
        clock: Clock,
        rng: random.Random,
        spool_dir: Path,
        first_words: Render,
        first_words_fallback: Sequence[Reply],
        words_again: Render | None = None,
        notice: Notice,
        notice_fallback: Reply,
        on_call: Callable[[], bool] = lambda: False,
        on_escalation: Callable[[], None] = _nobody,
        default_region: str = UNKNOWN_REGION,
        default_zone: str | None = None,
        pace: Pace | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store, self._clock, self.pace = store, clock, pace or Pace()
        self._on_escalation = on_escalation
        self.bell = Bell()
        self._spool = Spool(spool_dir, clock, rng)
        self._spool.open()
        responder = FirstResponder(screen, first_words, first_words_fallback, words_again)
        self._keeper = Keeper(responder, clock, rng, self.pace, default_region)
        self._receiver = Receiver(
            store,
            self._spool,
            responder,
            self._keeper,
            clock=clock,
            rng=rng,
            pace=self.pace,
            default_region=default_region,
        )
        self._line = BrainLine(brain, clock, self.pace.turn_deadline)
        telling = Telling(
            clock, rng, on_call=on_call, notice=notice, fallback=notice_fallback, default_zone=default_zone
        )
        finisher = Finisher(rng, self.pace.lease, self.pace.husk)
        self._turns = TurnWorker(
            store, self._line, telling, finisher, clock=clock, pace=self.pace, after=self._after, pause=pause
        )
        self._reader = Reader(store, self.bell, clock, self.pace)
        self._timers = Timers(store, clock, self.pace)
        self._leftovers = Leftovers(store, self._spool, self._receiver, clock, self.pace)
        self._loops: list[asyncio.Task[None]] = []

    # --- the door, as channels see it

    async def receive(self, inbound: Inbound) -> Receipt:
        taken = await self._receiver.receive(inbound)
        place = Place(inbound.channel, inbound.address)
        if taken.receipt.urgent:
            self.bell.ring(place)
        if taken.escalated:
            self._on_escalation()
        if taken.job is not None:
            self._receiver.recent.know_region(place, taken.job.person.region)
            self._turns.begin(taken.job)
        return taken.receipt

    async def replies_since(self, channel: str, address: str, after_id: int) -> list[Outgoing]:
        return await self._reader.since(Place(channel, address), after_id)

    async def wait_for_replies(self, channel: str, address: str, after_id: int, timeout_s: float) -> list[Outgoing]:
        return await self._reader.wait(Place(channel, address), after_id, timeout_s)

    async def is_answering(self, channel: str, address: str) -> bool:
        place = Place(channel, address)
        return self._spool.holds(place) or await self._store.read(lambda work: work.is_waiting(place))

    async def history(self, channel: str, address: str, limit: int = 50) -> list[Line]:
        return await self._store.read(lambda work: work.lines(Place(channel, address), limit))

    async def mark_seen(self, channel: str, address: str, up_to_id: int) -> None:
        self._reader.note_seen(Place(channel, address), up_to_id)

    async def set_region(self, channel: str, address: str, region: str) -> None:
        place, code = Place(channel, address), region_of(region)
        if code is None:
            return
        self._receiver.recent.know_region(place, code)

        def choose(work: UnitOfWork) -> None:
            talk = work.talk_at(place) or self._keeper.welcome(work, place, code)
            work.change_person(talk.person.id, {"region": code})

        await self._store.write(choose)

    async def erase(self, channel: str, address: str) -> None:
        place = Place(channel, address)
        self._receiver.recent.forget(place)
        await self._drain()

        def forget(work: UnitOfWork) -> None:
            talk = work.talk_at(place)
            if talk is not None:
                work.erase_person(talk.person.id)

        await self._store.write(forget)

    async def region_of(self, channel: str, address: str) -> str | None:
        return await self._store.read(lambda work: work.region_at(Place(channel, address)))

    # --- for those who look after it

    async def reading(self, message_id: int) -> Reading | None:
        """How a message was read; None when there is no such message."""
        return await self._store.read(lambda work: work.reading(message_id))

    async def opened(self, channel: str, address: str) -> list[Opened]:
        """The escalations of this conversation, oldest first."""
        return await self._store.read(lambda work: work.opened(Place(channel, address)))

    async def forget_the_silent(self) -> int:
        """Erase conversations that have been silent longer than we keep words; says how many."""
        return await self._leftovers.erase_the_silent()

    async def next_timer_at(self) -> datetime | None:
        return await self._store.read(lambda work: work.next_timer_at())

    async def unfinished(self, older_than: timedelta) -> list[Unfinished]:
        """Everything that should have ended by now, with ids that say nothing about anybody."""
        before = self._clock.now() - older_than
        found = await self._store.read(lambda work: work.unfinished(before, 1000))
        if not self._spool.is_empty or self._spool.set_aside_count:
            found.append(Unfinished("spool", str(self._spool.set_aside_count), "spooled", self._clock.now()))
        return found

    async def health(self) -> Health:
        try:
            counts = await self._store.read(lambda work: work.counts())
        except StoreDown:
            return Health(False, self._spool.waiting_files, self._turns.running, self._line.down_since)
        return Health(True, self._spool.waiting_files, self._turns.running, self._line.down_since, counts)

    # --- what runs behind

    async def start(self) -> None:
        """Begin the background: late timers, left-over turns, the spool, signs of life."""
        pace = self.pace
        jobs = (
            (self._tick, pace.poll),
            (self._reader.flush, pace.hand_over),
            (self._renew, pace.lease / 4),
            (self.forget_the_silent, pace.forget),
        )
        self._loops = [asyncio.create_task(_every(seconds, job)) for job, seconds in jobs]

    async def stop(self, grace_s: float = 5.0) -> None:
        """End the background, let turns finish for a while, write down what was handed over."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []
        await self._turns.stop(grace_s)
        await self._reader.flush()
        self._receiver.close()

    async def run_until_idle(self) -> None:
        """Drive everything that is due now to its end; time stands still unless `pause` moves it."""
        while await self._tick() or self._turns.running:
            await self._turns.settle()
        await self._reader.flush()

    async def _tick(self) -> int:
        drained = await self._drain()
        fired, due = await self._timers.fire()
        left = await self._leftovers.unanswered(self._turns.holds)
        await self._leftovers.erase_husks()
        for job in (*due, *left):
            self._turns.begin(job)
        return drained + fired + len(left)

    async def _drain(self) -> int:
        return await self._leftovers.drain_spool(self._moved)

    def _moved(self, inbound: Inbound, kept: Kept) -> None:
        if kept.urgent:
            self.bell.ring(Place(inbound.channel, inbound.address))
        if kept.escalated:
            self._on_escalation()
        if kept.job is not None:
            self._turns.begin(kept.job)

    async def _renew(self) -> int:
        await self._leftovers.renew(self._turns.held)
        return 0

    def _after(self, place: Place, ended: Ended) -> None:
        if ended.said:
            self.bell.ring(place)
        if ended.escalated:
            self._on_escalation()


async def _every(seconds: float, job: Callable[[], Awaitable[object]]) -> None:
    """Do something for ever; a failure is logged and the next round comes all the same."""
    while True:
        try:
            with suppress(StoreDown):
                await job()
        except Exception as error:  # noqa: BLE001 - a loop that ends is a promise that is broken in silence
            log.error("background work failed: %s", type(error).__name__)
        await asyncio.sleep(seconds)
