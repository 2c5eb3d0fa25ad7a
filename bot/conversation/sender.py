"""Deliver to channels that must be called: each try is written down before the provider hears of it.

Five ends are possible for a try, and none is silent: handed, queued again, failed, or unknown when nobody can
say whether it arrived. Urgent words are sent again when unknown; other messages are not, so that nothing
routine is shown twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.clock import Clock
from bot.conversation.bell import Bell, until
from bot.conversation.model import Outgoing
from bot.conversation.pace import Pace
from bot.conversation.records import Expired, Parcel
from bot.conversation.storage import SendState, Store, StoreDown, UnitOfWork
from bot.errors import SendError

log = logging.getLogger(__name__)
EXPIRED_AT_ONCE = 100


class PushChannel(Protocol):
    """A channel that sends. `idempotent`: the provider shows a message once however often it is sent."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    async def send(self, outgoing: Outgoing, address: str) -> str | None:
        """Hand one message to the provider; its id of it, if it has one. Raises SendError."""


@dataclass(frozen=True)
class Verdict:
    """What a try came to."""

    state: SendState
    outcome: str
    provider_id: str | None = None
    not_before: datetime | None = None


class Sender:
    """Sends what is due on its channels; each channel has its own loop and its own slots."""

    def __init__(
        self, store: Store, channels: Sequence[PushChannel], bell: Bell, *, clock: Clock, pace: Pace | None = None
    ) -> None:
        self._store, self._bell, self._clock, self._pace = store, bell, clock, pace or Pace()
        self._channels = {channel.name: channel for channel in channels}
        self._busy: dict[str, set[asyncio.Task[None]]] = {name: set() for name in self._channels}
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._serve(name)) for name in self._channels]

    async def stop(self, grace_s: float = 5.0) -> None:
        """Let calls under way end; what does not end in time is unknown, and will be seen as that."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []
        calls = {call for busy in self._busy.values() for call in busy}
        if calls:
            _, late = await asyncio.wait(calls, timeout=grace_s)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def run_until_idle(self) -> None:
        """Send everything that is due now, on every channel."""
        await self.recover()
        for name in self._channels:
            while await self.step(name):
                await asyncio.wait(self._busy[name])

    async def step(self, name: str) -> int:
        """Claim what is due on one channel, up to its free slots, and begin to send. Raises StoreDown."""
        free = self._pace.sends_at_once - len(self._busy[name])
        if free <= 0:
            return 0
        now = self._clock.now()
        until = now + timedelta(seconds=self._pace.send_lease)
        parcels = await self._store.write(lambda work: work.claim_due(name, now, until, free))
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(self._channels[name], parcel))
            self._busy[name].add(task)
            task.add_done_callback(partial(self._ended, name, parcel))
        return len(parcels)

    def _ended(self, name: str, parcel: Parcel, task: asyncio.Task[None]) -> None:
        self._busy[name].discard(task)
        self._bell.ring(parcel.place)

    async def recover(self) -> int:
        """Leases that ran out: their sender died with a call open, so it may have arrived. Raises StoreDown."""
        now = self._clock.now()
        expired = await self._store.read(lambda work: work.expired_leases(now, EXPIRED_AT_ONCE))
        ours = [late for late in expired if late.channel in self._channels]
        for late in ours:
            await self._store.write(partial(self._settle_expired, late, now))
        return len(ours)

    def _settle_expired(self, late: Expired, now: datetime, work: UnitOfWork) -> None:
        again = late.kind == "urgent" and late.attempts < self._pace.urgent_sends
        if self._channels[late.channel].idempotent or again:
            work.settle(late.outbox_id, late.token, "queued", now, outcome="sender lost, sent again")
        else:
            work.settle(late.outbox_id, late.token, "unknown", now, outcome="sender lost")

    async def _serve(self, name: str) -> None:
        with self._bell.listen(name) as rung:
            while True:
                rung.clear()
                try:
                    await self.recover()
                    more = await self.step(name)
                except StoreDown:
                    more = 0
                except Exception as error:  # noqa: BLE001 - a loop that ends is silence on a whole channel
                    log.error("sending on %s failed: %s", name, type(error).__name__)
                    more = 0
                if not more:
                    await until(rung, self._pace.poll)

    async def _deliver(self, channel: PushChannel, parcel: Parcel) -> None:
        verdict = await self._try(channel, parcel)
        settle = partial(self._settle, parcel, verdict)
        pause = self._pace.retry_first
        while True:
            try:
                if not await self._store.write(settle):
                    log.warning("a send on %s ended after its lease", channel.name)
                return
            except StoreDown:
                # Kept trying until the lease ends; after that the row is unknown, which is the truth.
                if pause > self._pace.send_lease:
                    return
                await asyncio.sleep(pause)
                pause *= 2

    def _settle(self, parcel: Parcel, verdict: Verdict, work: UnitOfWork) -> bool:
        return work.settle(
            parcel.outgoing.id,
            parcel.token,
            verdict.state,
            self._clock.now(),
            outcome=verdict.outcome,
            provider_id=verdict.provider_id,
            not_before=verdict.not_before,
        )

    async def _try(self, channel: PushChannel, parcel: Parcel) -> Verdict:
        try:
            async with asyncio.timeout(self._pace.send_deadline):
                provider_id = await channel.send(parcel.outgoing, parcel.place.address)
            return Verdict("handed", "handed", provider_id)
        except SendError as error:
            return self._judge(channel, parcel, error)
        except TimeoutError:
            return self._judge(channel, parcel, SendError(unknown=True))
        except Exception as error:  # noqa: BLE001 - a channel's own fault says nothing about what the phone shows
            log.error("channel %s broke: %s", channel.name, type(error).__name__)
            return self._judge(channel, parcel, SendError(unknown=True))

    def _judge(self, channel: PushChannel, parcel: Parcel, error: SendError) -> Verdict:
        if error.gone:
            return Verdict("failed", "gone")
        if error.retryable:
            return self._again(parcel, error.after_s, "refused for now")
        if not error.unknown:
            return Verdict("failed", "refused")
        urgent = parcel.outgoing.kind == "urgent" and parcel.attempts < self._pace.urgent_sends
        if channel.idempotent or urgent:
            return self._again(parcel, error.after_s, "unknown, sent again")
        return Verdict("unknown", "unknown")

    def _again(self, parcel: Parcel, after_s: float | None, outcome: str) -> Verdict:
        now = self._clock.now()
        if now - parcel.outgoing.at > timedelta(seconds=self._pace.send_for):
            return Verdict("failed", "too old")
        backoff: float = min(2.0 ** min(parcel.attempts - 1, 16), self._pace.send_retry_most)
        wait = max(after_s, 0.0) if after_s is not None else backoff
        return Verdict("queued", outcome, not_before=now + timedelta(seconds=wait))
