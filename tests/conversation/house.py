"""A whole durable path for tests: real store, real spool, scripted brain and screen, a clock moved by hand."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import HandClock
from bot.conversation.model import Inbound, Outgoing, Receipt
from bot.conversation.pace import Pace
from bot.conversation.service import ConversationService
from bot.conversation.storage import Store, StoreDown
from bot.errors import BrainUnavailable
from bot.store.database import Database
from bot.store.engine import open_engine
from bot.turns import Choice, Command, Reply, TurnRequest, TurnResult, Understood

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FALLBACK = Reply("Call the emergency number now.")
Answer = Callable[[TurnRequest], TurnResult]


def reply(text: str, *choices: tuple[str, str], state: dict[str, Any] | None = None, do: Sequence[Command] = ()) -> Any:
    """An answer that says one thing."""
    shown = tuple(Choice(title, payload) for title, payload in choices)
    return TurnResult((Reply(text, shown),), state or {}, tuple(do), Understood("feeling_ok", 0.9))


def echo(request: TurnRequest) -> TurnResult:
    """Says back what it was given, and counts the turns in its state."""
    turn = (request.state or {}).get("turn", 0) + 1
    said = request.message.payload or request.message.text
    return reply(f"heard {said}", state={"turn": turn})


@dataclass
class ScriptedBrain:
    """Answers as told. `down` makes it unreachable; `gate` makes it wait."""

    answer: Answer = echo
    down: bool = False
    gate: asyncio.Event | None = None
    asked: list[TurnRequest] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def is_ready(self) -> bool:
        return not self.down

    async def take_turn(self, request: TurnRequest) -> TurnResult:
        self.asked.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.down:
                raise BrainUnavailable
            return self.answer(request)
        finally:
            self.at_once -= 1

    @property
    def heard(self) -> list[str]:
        return [request.message.payload or request.message.text for request in self.asked]


@dataclass(frozen=True)
class Verdict:
    kind: str = "none"
    level: int = 0
    because: tuple[str, ...] = ()
    who: str = "self"
    also: tuple[str, ...] = ()


class WordScreen:
    """Knows four phrases; enough to see that the path does the right thing with a verdict."""

    def __init__(self) -> None:
        self.broken = False

    def assess(self, text: str, earlier: Sequence[str] = ()) -> Verdict:
        if self.broken:
            raise RuntimeError("screen")
        said = " ".join([*earlier, text]).casefold()
        if "not breathing" in said:
            return Verdict("overdose_now", 3, ("not breathing",))
        if "hurts me" in said:
            return Verdict("harm_from_others", 3, ("hurts me",), "self", ("minor",))
        if "about to use" in said:
            return Verdict("about_to_use", 2, ("about to use",))
        return Verdict("lapse", 1) if "used again" in said else Verdict()


class FailingStore:
    """A real store with a switch: down, it says so and keeps nothing. `writes_left` throws the switch by itself."""

    def __init__(self, store: Database) -> None:
        self.store, self.down = store, False
        self.writes_left: int | None = None

    @property
    def is_shared(self) -> bool:
        return self.store.is_shared

    async def write(self, work: Any) -> Any:
        if self.writes_left is not None:
            self.writes_left -= 1
            self.down = self.down or self.writes_left < 0
        if self.down:
            raise StoreDown
        return await self.store.write(work)

    async def read(self, work: Any) -> Any:
        if self.down:
            raise StoreDown
        return await self.store.read(work)


class House:
    """Everything a test needs, with short names."""

    def __init__(self, database: Database, folder: Path, clock: HandClock, seed: int = 7, **more: Any) -> None:
        self.clock, self.folder = clock, folder
        self.store = FailingStore(database)
        self.brain = more.pop("brain", None) or ScriptedBrain()
        self.screen = WordScreen()
        self.escalated = 0
        self.pauses: list[float] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        store: Store = more.pop("store", None) or self.store
        options: dict[str, Any] = {
            "first_words": lambda kind, who, region, channel, at: [Reply(f"first words {kind} {region}")],
            "notice": lambda name, region, channel, at: Reply("The answer is late."),
            "pause": self.pause,
        }
        self.service = ConversationService(
            store,
            self.brain,
            self.screen,
            clock=clock,
            rng=random.Random(seed),
            spool_dir=folder / "spool",
            first_words_fallback=[FALLBACK],
            notice_fallback=Reply("Late."),
            on_escalation=self.note_escalation,
            **(options | more),
        )

    def note_escalation(self) -> None:
        self.escalated += 1

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.move(timedelta(seconds=seconds))
        await (self.meanwhile() if self.meanwhile else asyncio.sleep(0))

    def inbound(self, text: str, provider_id: str, who: str = "ann", **more: Any) -> Inbound:
        return Inbound(more.pop("channel", "web"), who, provider_id, text, self.clock.now(), **more)

    async def send(self, text: str, provider_id: str | None = None, who: str = "ann", **more: Any) -> Receipt:
        chosen = provider_id or f"{who}-{len(self.brain.asked)}-{random.getrandbits(48)}"
        return await self.service.receive(self.inbound(text, chosen, who, **more))

    async def say(self, text: str, who: str = "ann", **more: Any) -> list[Outgoing]:
        """Send, wait for the end of the turn, and give back what is new."""
        channel = more.get("channel", "web")
        before = await self.service.replies_since(channel, who, 0)
        await self.send(text, who=who, **more)
        await self.service.run_until_idle()
        return await self.service.replies_since(channel, who, before[-1].id if before else 0)

    async def said(self, who: str = "ann", channel: str = "web") -> list[str]:
        return [out.text for out in await self.service.replies_since(channel, who, 0)]

    async def idle(self) -> None:
        await self.service.run_until_idle()


@asynccontextmanager
async def house(url: str, folder: Path, clock: HandClock | None = None, **more: Any) -> AsyncIterator[House]:
    database = Database(open_engine(url))
    place = House(database, folder, clock or HandClock(START), **more)
    try:
        yield place
    finally:
        await place.service.stop(grace_s=0)
        database.close()


SMALL = Pace(turn_deadline=0.05)


async def happens(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that is sure to come; fails instead of hanging when it does not."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.001)
