"""Tells those who wait in this process that there is something new for them."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from bot.conversation.records import Place


class Bell:
    """Rung with a place; heard by whoever listens to that place or to its whole channel."""

    def __init__(self) -> None:
        self._listeners: dict[Hashable, set[asyncio.Event]] = {}

    @contextmanager
    def listen(self, to: Place | str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._listeners.setdefault(to, set()).add(event)
        try:
            yield event
        finally:
            self._listeners[to].discard(event)
            if not self._listeners[to]:
                del self._listeners[to]

    def ring(self, place: Place) -> None:
        for key in (place, place.channel):
            for event in self._listeners.get(key, ()):
                event.set()


async def until(rung: asyncio.Event, seconds: float) -> None:
    """Wait for a bell, but no longer than this."""
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        return
