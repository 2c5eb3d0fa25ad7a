"""Server-sent events: replies as they come, the typing state, a sign of life, and a clean end."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

from bot.channels.web.shapes import outgoing_json
from bot.clock import Clock
from bot.conversation.model import Outgoing
from bot.conversation.ports import Door

STREAMS_A_SESSION = 8
TYPING_LOOK_S = 1.0


@dataclass(eq=False)
class Stream:
    """One open page. `bell` rings when something of this session may have changed; `closed` asks it to end."""

    bell: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def close(self) -> None:
        self.closed = True
        self.bell.set()


class Streams:
    """All event streams that this process holds open."""

    def __init__(self) -> None:
        self._open: defaultdict[str, list[Stream]] = defaultdict(list)

    @contextmanager
    def open(self, address: str) -> Iterator[Stream]:
        """Register a stream while it lasts; a session that opens too many loses its oldest."""
        stream = Stream()
        mine = self._open[address]
        mine.append(stream)
        if len(mine) > STREAMS_A_SESSION:
            mine[0].close()
        try:
            yield stream
        finally:
            mine.remove(stream)
            if not mine:
                self._open.pop(address, None)

    def ring(self, address: str) -> None:
        """A message came in: the typing state has changed."""
        for stream in self._open.get(address, ()):
            stream.bell.set()

    def close(self, address: str) -> None:
        for stream in self._open.get(address, ()):
            stream.close()

    def close_all(self) -> None:
        """End every stream cleanly; pages open a new one elsewhere."""
        for address in list(self._open):
            self.close(address)


@dataclass(frozen=True)
class EventStream:
    """The response to one page that listens; replays everything above `after` first.

    Ends when the page goes, when the server stops, after `last_s`, or when the Door fails: the page comes back.
    """

    door: Door
    streams: Streams
    clock: Clock
    address: str
    after: int
    emergency: str
    heartbeat_s: float
    last_s: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_until_gone(receive))
        with self.streams.open(self.address) as stream, suppress(OSError):
            talk = asyncio.ensure_future(self._talk(stream, send))
            try:
                await asyncio.wait({talk, gone}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _drop(gone, talk)
            if not talk.cancelled():
                talk.result()
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _talk(self, stream: Stream, send: Send) -> None:
        ends = self.clock.monotonic() + self.last_s
        await _say(send, "retry: 2000\n\n")
        listener = _Listener(self, send)
        try:
            while not stream.closed and self.clock.monotonic() < ends:
                stream.bell.clear()
                await listener.look()
                await listener.wait(stream)
        finally:
            await _drop(listener.replies)

    def ask(self, after: int) -> asyncio.Future[list[Outgoing]]:
        return asyncio.ensure_future(self.door.wait_for_replies("web", self.address, after, self.heartbeat_s))


class _Listener:
    """Passes on replies and the typing state. One question to the Door stays open; the bell does not break it off."""

    def __init__(self, events: EventStream, send: Send) -> None:
        self._events, self._send = events, send
        self._after, self._typing = events.after, False
        self.replies = events.ask(events.after)

    async def look(self) -> None:
        typing = await self._events.door.is_answering("web", self._events.address)
        if typing is not self._typing:
            self._typing = typing
            await _say(self._send, f"event: typing\ndata: {json.dumps({'on': typing})}\n\n")

    async def wait(self, stream: Stream) -> None:
        bell = asyncio.ensure_future(stream.bell.wait())
        either: set[asyncio.Future[Any]] = {self.replies, bell}
        patience = TYPING_LOOK_S if self._typing else None
        try:
            await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _drop(bell)
        if self.replies.done():
            await self._pass_on(self.replies.result())
            self.replies = self._events.ask(self._after)

    async def _pass_on(self, replies: list[Outgoing]) -> None:
        for reply in replies:
            self._after = max(self._after, reply.id)
            await _say(self._send, _event(reply, self._events.emergency))
        if not replies:
            await _say(self._send, ": here\n\n")


def _event(reply: Outgoing, emergency: str) -> str:
    return f"id: {reply.id}\nevent: message\ndata: {json.dumps(outgoing_json(reply, emergency))}\n\n"


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drop(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
