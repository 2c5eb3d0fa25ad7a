"""Into the outbox, and out of it to readers who ask: web and terminal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.conversation.bell import Bell, until
from bot.conversation.model import Kind, Outgoing
from bot.conversation.pace import Pace
from bot.conversation.records import NewOutgoing, Place
from bot.conversation.storage import Store, StoreDown, UnitOfWork
from bot.turns import Reply


def say(
    work: UnitOfWork,
    rng: random.Random,
    replies: Iterable[Reply],
    *,
    person_id: str,
    place: Place,
    kind: Kind,
    at: datetime,
    in_reply_to: int | None,
) -> tuple[Outgoing, ...]:
    """Put messages into the outbox, in order; their choices get ids that nobody can guess."""
    said = []
    for reply in replies:
        new = NewOutgoing(person_id, place, kind, reply.text, at, reply.choices, reply.source, in_reply_to)
        said.append(work.add_outgoing(new, f"{rng.getrandbits(64):016x}" if reply.choices else None))
    return tuple(said)


class Reader:
    """Hands rows over to channels that ask for them, and notes later, in one go, that it did."""

    def __init__(self, store: Store, bell: Bell, clock: Clock, pace: Pace) -> None:
        self._store, self._bell, self._clock, self._pace = store, bell, clock, pace
        self._handed: set[int] = set()
        self._seen: dict[Place, int] = {}

    async def since(self, place: Place, after_id: int) -> list[Outgoing]:
        found = await self._store.read(lambda work: work.outgoing_since(place, after_id))
        self._handed.update(out.id for out in found)
        return found

    async def wait(self, place: Place, after_id: int, timeout_s: float) -> list[Outgoing]:
        """As `since`; waits for the first one. Other processes' rows are found by looking every second."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        with self._bell.listen(place) as rung:
            while True:
                rung.clear()
                found = await self.since(place, after_id)
                left = end - loop.time()
                if found or left <= 0:
                    return found
                await until(rung, min(left, self._pace.poll))

    def note_seen(self, place: Place, up_to_id: int) -> None:
        self._seen[place] = max(up_to_id, self._seen.get(place, 0))

    async def flush(self) -> None:
        """Write down what was handed over and seen since the last time; kept for later when that fails."""
        handed, self._handed = self._handed, set()
        seen, self._seen = self._seen, {}
        if not handed and not seen:
            return
        try:
            await self._store.write(lambda work: self._note(work, sorted(handed), seen))
        except StoreDown:
            self._handed |= handed
            for place, up_to_id in seen.items():
                self.note_seen(place, up_to_id)

    def _note(self, work: UnitOfWork, handed: Sequence[int], seen: dict[Place, int]) -> None:
        now = self._clock.now()
        if handed:
            work.mark_handed(handed, now)
        for place, up_to_id in seen.items():
            work.mark_seen(place, up_to_id, now)
