"""Server-sent events: replies as they come, the person's country, the typing state, a sign of life, a clean end."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

from bot.channels.web.countries import Countries, Country
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
    moved: bool = False

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

    def ring(self, address: str, *, moved: bool = False) -> None:
        """A message came in, so the typing state has changed; or the person picked another country (`moved`)."""
        for stream in self._open.get(address, ()):
            stream.moved |= moved
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

    `otherwise` is the country of somebody of whom the Door keeps none.
    Ends when the page goes, when the server stops, after `last_s`, or when the Door fails: the page comes back.
    """

    door: Door
    streams: Streams
    clock: Clock
    countries: Countries
    address: str
    after: int
    otherwise: str
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
                await listener.look(stream)
                await listener.wait(stream)
        finally:
            await _drop(*listener.questions)

    async def next_batch(self, after: int) -> Batch:
        """The next replies, and the country they are to be shown for; urgent ones do not wait for that."""
        replies = await self.door.wait_for_replies("web", self.address, after, self.heartbeat_s)
        if not replies or any(reply.kind == "urgent" for reply in replies):
            return Batch(replies, None)
        return Batch(replies, await self.ask_country())

    async def ask_country(self) -> Country:
        return await self.countries.ask(self.address, self.otherwise)

    def guess_country(self) -> Country:
        return self.countries.guess(self.address, self.otherwise)


@dataclass(frozen=True)
class Batch:
    """Replies that came together; `country` is None when nobody has asked yet."""

    replies: list[Outgoing]
    country: Country | None


class _Listener:
    """Passes on replies, country, typing. Questions to the Door stay open; the bell does not break them off."""

    def __init__(self, events: EventStream, send: Send) -> None:
        self._events, self._send = events, send
        self._after, self._typing = events.after, False
        self._told: Country | None = None
        self._batch = asyncio.ensure_future(events.next_batch(events.after))
        self._country: asyncio.Future[Country] | None = asyncio.ensure_future(events.ask_country())

    @property
    def questions(self) -> set[asyncio.Future[Any]]:
        """What the Door has been asked and has not been heard on."""
        return {self._batch, self._country} if self._country else {self._batch}

    async def look(self, stream: Stream) -> None:
        if stream.moved:
            stream.moved = False
            await self._ask_anew()
        typing = await self._events.door.is_answering("web", self._events.address)
        if typing is not self._typing:
            self._typing = typing
            await _say(self._send, f"event: typing\ndata: {json.dumps({'on': typing})}\n\n")

    async def wait(self, stream: Stream) -> None:
        bell = asyncio.ensure_future(stream.bell.wait())
        patience = TYPING_LOOK_S if self._typing else None
        try:
            await asyncio.wait({bell, *self.questions}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _drop(bell)
        if self._batch.done():
            await self._pass_on(self._batch.result())
            self._batch = asyncio.ensure_future(self._events.next_batch(self._after))
        if self._country and self._country.done():
            await self._tell(self._country.result())
            self._country = None

    async def _pass_on(self, batch: Batch) -> None:
        emergency = (batch.country or self._events.guess_country()).emergency
        for reply in batch.replies:
            self._after = max(self._after, reply.id)
            await _say(self._send, _event(reply, emergency))
        if not batch.replies:
            await _say(self._send, ": here\n\n")
        elif batch.country:
            await self._drop_question()  # asked earlier, so it may be out of date
            await self._tell(batch.country)
        else:
            await self._ask_anew()

    async def _tell(self, country: Country) -> None:
        if country != self._told:
            self._told = country
            await _say(self._send, f"event: region\ndata: {json.dumps(country.json())}\n\n")

    async def _ask_anew(self) -> None:
        await self._drop_question()
        self._country = asyncio.ensure_future(self._events.ask_country())

    async def _drop_question(self) -> None:
        if self._country:
            await _drop(self._country)
        self._country = None


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
