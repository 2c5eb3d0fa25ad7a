"""Take turns: one person's messages in order, different people side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.conversation.brainline import BrainLine
from bot.conversation.commands import check
from bot.conversation.finish import Ended, Finisher
from bot.conversation.pace import Pace
from bot.conversation.records import Job, Place
from bot.conversation.storage import LeaseLost, Store, StoreDown, UnitOfWork
from bot.conversation.telling import Telling
from bot.errors import BrainUnavailable
from bot.turns import TurnResult

log = logging.getLogger(__name__)
Pause = Callable[[float], Awaitable[None]]
After = Callable[[Place, Ended], None]
STORE_TRIES = 12


class TurnWorker:
    """Works through one person's messages at a time, for many people at once.

    Args:
        after: Told where something was said or escalated, once it is on the disk.
        pause: Waits between two tries; a test may move its clock instead.
    """

    def __init__(
        self,
        store: Store,
        line: BrainLine,
        telling: Telling,
        finisher: Finisher,
        *,
        clock: Clock,
        pace: Pace,
        after: After,
        pause: Pause,
    ) -> None:
        self._store, self._line, self._telling, self._finisher = store, line, telling, finisher
        self._clock, self._pace, self._after, self._pause = clock, pace, after, pause
        self._slots = asyncio.Semaphore(pace.turns_at_once)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[str, int] = {}

    @property
    def running(self) -> int:
        return len(self._tasks)

    @property
    def held(self) -> list[tuple[str, int]]:
        """The conversations this process holds, with their tokens."""
        return list(self._held.items())

    def holds(self, person_id: str) -> bool:
        return person_id in self._held

    def begin(self, job: Job) -> None:
        """Take this turn, and those that wait behind it, in the background."""
        self._held[job.person.id] = job.token
        task = asyncio.create_task(self._work_through(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, grace_s: float) -> None:
        """Let turns end for a while, then give the conversations back."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        held = self.held
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if held:
            await self._give_back(held)

    async def _give_back(self, held: list[tuple[str, int]]) -> None:
        def let_go(work: UnitOfWork) -> None:
            for person_id, token in held:
                work.release_talk(person_id, token)

        try:
            await self._store.write(let_go)
        except StoreDown:
            log.warning("conversations could not be given back; their leases will run out")

    async def _work_through(self, first: Job) -> None:
        job: Job | None = first
        person_id, token = first.person.id, first.token
        try:
            while job is not None:
                ended = await self._take(job)
                job = ended.next
                if job is not None and job.person.id != person_id:
                    self._let_go(person_id, job.token)
                    person_id = job.person.id
                    self._held[person_id] = job.token
        except LeaseLost:
            log.info("a turn was ended elsewhere")
        except StoreDown:
            log.warning("the database is away at the end of a turn; the turn will be taken again")
        finally:
            self._let_go(person_id, token)

    def _let_go(self, person_id: str, token: int) -> None:
        """Forget that we hold it, unless a newer turn of the same person has begun here."""
        if self._held.get(person_id) == token:
            del self._held[person_id]

    async def _take(self, job: Job) -> Ended:
        tries = _Tries(job, self._clock.monotonic(), self._line.answers, self._pace)
        while True:
            try:
                job, result = await self._ask(job, tries)
                return await self._end(job, partial(self._answer, job, result))
            except BrainUnavailable:
                tries.lost(self._line.answers)
                if job.waiting.origin == "timer" and tries.waited(self._clock.monotonic()) >= self._pace.patience:
                    return await self._end(job, partial(self._postpone, job))
                if tries.is_hopeless(self._clock, self._line.down_since):
                    return await self._close(job, "notice")
                job = await self._be_patient(job, tries)
                await self._pause(tries.next_pause())
            except (LeaseLost, StoreDown):
                raise
            except Exception as error:  # noqa: BLE001 - whatever a bad answer breaks, the next message must go on
                log.error("a turn went wrong: %s", type(error).__name__)
                if await self._went_wrong(job, tries):
                    return await self._close(job, "unanswerable")

    async def _ask(self, job: Job, tries: _Tries) -> tuple[Job, TurnResult]:
        """Ask the brain; while it thinks for longer than a person should wait, tell them so."""
        async with self._slots:
            call = asyncio.ensure_future(self._line.ask(self._telling.request(job)))
            try:
                left = self._pace.patience - tries.waited(self._clock.monotonic())
                done, _ = await asyncio.wait({call}, timeout=max(left, 0.0))
                if not done:
                    job = await self._tell(job)
                result = await call
            finally:
                call.cancel()
        check(result, may_be_silent=job.waiting.origin == "timer" or job.waiting.seen.is_urgent)
        return job, result

    async def _be_patient(self, job: Job, tries: _Tries) -> Job:
        late = tries.waited(self._clock.monotonic()) >= self._pace.patience
        return await self._tell(job) if late else job

    async def _tell(self, job: Job) -> Job:
        """One notice per person and outage: none while an earlier one is fresh."""
        now = self._clock.now()
        fresh = timedelta(seconds=self._pace.keep_trying)
        notice = self._telling.notice(job)
        if notice is None or (job.noticed_at is not None and now - job.noticed_at < fresh):
            return job
        await self._store.write(lambda work: self._finisher.notice(work, job, notice, now))
        self._after(job.waiting.place, Ended(None, said=True))
        return replace(job, noticed_at=now)

    async def _went_wrong(self, job: Job, tries: _Tries) -> bool:
        tries.bad += 1
        await self._store.write(lambda work: work.count_attempt(job.waiting.id))
        return tries.bad >= self._pace.bad_answers

    async def _close(self, job: Job, outcome: str) -> Ended:
        notice = self._telling.notice(job)
        return await self._end(job, lambda work: self._finisher.close(work, job, outcome, notice, self._clock.now()))

    def _answer(self, job: Job, result: TurnResult, work: UnitOfWork) -> Ended:
        return self._finisher.answer(work, job, result, self._clock.now())

    def _postpone(self, job: Job, work: UnitOfWork) -> Ended:
        now = self._clock.now()
        return self._finisher.postpone(work, job, now, now + timedelta(seconds=60))

    async def _end(self, job: Job, work: Callable[[UnitOfWork], Ended]) -> Ended:
        """Commit the end of a turn, trying again for a while when the database is away: the answer is still good."""
        pause = self._pace.retry_first
        for tries_left in reversed(range(STORE_TRIES)):
            try:
                ended = await self._store.write(work)
                self._after(job.waiting.place, ended)
                return ended
            except StoreDown:
                if not tries_left:
                    raise
                await self._pause(pause)
                pause = min(pause * 2, self._pace.retry_most)
        raise StoreDown


class _Tries:
    """How one turn has fared so far."""

    def __init__(self, job: Job, began: float, answers: int, pace: Pace) -> None:
        self._job, self._began, self._answers, self._pace = job, began, answers, pace
        self._lost_alone = 0
        self._pause = pace.retry_first
        self.bad = job.waiting.attempts

    def waited(self, now: float) -> float:
        return now - self._began

    def next_pause(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, self._pace.retry_most)
        return pause

    def lost(self, answers: int) -> None:
        """A call without an answer; if others were answered meanwhile, it may be this message that does it."""
        if answers > self._answers:
            self._lost_alone += 1
        self._answers = answers

    def is_hopeless(self, clock: Clock, down_since: datetime | None) -> bool:
        keep_trying = self._pace.keep_trying
        if self._lost_alone >= self._pace.lost_calls or self.waited(clock.monotonic()) >= keep_trying:
            return True
        if down_since is None:
            return False
        since = max(down_since, self._job.waiting.received_at)
        return (clock.now() - since).total_seconds() >= keep_trying
