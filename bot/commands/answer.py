"""Whole conversations through the real path, on a scratch database and a clock that is moved by hand."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import track

from bot import wiring
from bot.clock import HandClock, SystemClock
from bot.commands.jsonl import read_lines, write_line
from bot.conversation.model import Inbound, Outgoing
from bot.errors import BadRequest, BrainUnavailable
from bot.logs import Logger
from bot.settings import Settings

BRAIN_START_S = 120.0
BETWEEN_S = 20.0
"""How long a person takes to read and write when the file does not say."""
CHANNELS = ("web", "telegram", "sms", "terminal")
SEED = 7


async def answer_file(settings: Settings, log: Logger, source: Path, target: Path) -> None:
    """Answer every conversation of a file, in the same order.

    Raises:
        BadRequest: A line cannot be read; nothing was written.
        BrainUnavailable: The brain did not start.
    """
    items = [_checked(item) for item in read_lines(source, ("id", "messages"))]
    clock = HandClock(SystemClock().now())
    async with _house(settings, clock, log) as (house, on_call):
        with target.open("w", encoding="utf-8") as out:
            for item in track(items, description="answering", disable=len(items) < 20):
                on_call["now"] = bool(item.get("on_call", False))
                write_line(out, await _Conversation(house, clock, item).run())


@asynccontextmanager
async def _house(
    settings: Settings, clock: HandClock, log: Logger
) -> AsyncIterator[tuple[wiring.House, dict[str, bool]]]:
    on_call = {"now": False}
    with tempfile.TemporaryDirectory(prefix="nl-") as home:
        own = settings.model_copy(update={"home": Path(home), "database_url": "", "turn_deadline_s": 60.0})
        house = wiring.build(own, clock, log, rng=random.Random(SEED), on_call=lambda: on_call["now"])  # noqa: S311
        await house.supervisor.start()
        try:
            if not await house.supervisor.wait_until_ready(BRAIN_START_S):
                raise BrainUnavailable(f"The brain did not start; see {own.home}/brain.log")
            yield house, on_call
        finally:
            await house.conversation.stop()
            await house.supervisor.stop()
            await house.brain.close()
            house.database.close()


class _Conversation:
    """One line of the file."""

    def __init__(self, house: wiring.House, clock: HandClock, item: dict[str, Any]) -> None:
        self._door, self._clock, self._item = house.conversation, clock, item
        self._channel = item.get("channel", "web")
        self._address = f"answer-{item['id']}"
        self._region = item.get("region") or house.settings.region
        self._shown = 0
        self._turns: list[dict[str, Any]] = []
        self._message_ids: list[int | None] = []
        clock.move(_start(item, house.settings.time_zone, clock) - clock.now())

    async def run(self) -> dict[str, Any]:
        """All turns, and what was opened because of them."""
        for number, message in enumerate(self._item["messages"]):
            await self._send(number, message)
        await self._settle()
        for turn, message_id in zip(self._turns, self._message_ids, strict=True):
            turn.update(await self._reading(message_id))
        opened = await self._door.opened(self._channel, self._address)
        escalations = [{"kind": e.kind, "level": e.level, "because": list(e.because)} for e in opened]
        await self._door.erase(self._channel, self._address)
        return {"id": self._item["id"], "turns": self._turns, "escalations": escalations}

    async def _send(self, number: int, message: Any) -> None:
        text, after_s = (message, None) if isinstance(message, str) else (message["text"], message.get("after_s"))
        if number and after_s != 0:
            await self._settle()
            await self._let_time_pass(BETWEEN_S if after_s is None else float(after_s))
        inbound = Inbound(self._channel, self._address, f"m{number}", text, self._clock.now(), region_hint=self._region)
        receipt = await self._door.receive(inbound)
        self._turns.append({"text": text, "replies": []})
        self._message_ids.append(receipt.message_id)

    async def _let_time_pass(self, seconds: float) -> None:
        """Move the clock; a timer that falls due on the way rings at its own moment."""
        until = self._clock.now() + timedelta(seconds=seconds)
        while (due := await self._door.next_timer_at()) is not None and due <= until:
            self._clock.move(max(due - self._clock.now(), timedelta(seconds=1)))
            await self._settle()
        self._clock.move(max(until - self._clock.now(), timedelta()))

    async def _settle(self) -> None:
        await self._door.run_until_idle()
        for outgoing in await self._door.replies_since(self._channel, self._address, self._shown):
            self._shown = outgoing.id
            self._turns[self._turn_of(outgoing)]["replies"].append(_as_reply(outgoing))

    def _turn_of(self, outgoing: Outgoing) -> int:
        """The turn a reply belongs to; what a timer says belongs to the last turn before it."""
        if outgoing.in_reply_to in self._message_ids:
            return self._message_ids.index(outgoing.in_reply_to)
        return len(self._turns) - 1

    async def _reading(self, message_id: int | None) -> dict[str, Any]:
        reading = await self._door.reading(message_id) if message_id else None
        if reading is None:
            return {"intent": None, "safety": {"kind": "none", "level": "none", "because": []}}
        seen = reading.seen
        safety = {"kind": seen.kind, "level": seen.level, "because": list(seen.because)}
        return {"intent": reading.intent, "safety": safety}


def _as_reply(outgoing: Outgoing) -> dict[str, Any]:
    reply: dict[str, Any] = {"text": outgoing.text, "choices": [choice.title for choice in outgoing.choices]}
    return {**reply, "kind": outgoing.kind, "source": outgoing.source}


def _start(item: dict[str, Any], zone: str, clock: HandClock) -> datetime:
    if "at" not in item:
        return clock.now()
    at = datetime.fromisoformat(item["at"])
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _checked(item: dict[str, Any]) -> dict[str, Any]:
    """The item, if it can be answered; a message is a text or an object with one."""
    wrong = f"conversation {item['id']!r}: "
    if item.get("channel", "web") not in CHANNELS:
        raise BadRequest(wrong + f"channel must be one of {', '.join(CHANNELS)}.")
    for message in item["messages"]:
        if not isinstance(message, str) and not (isinstance(message, dict) and isinstance(message.get("text"), str)):
            raise BadRequest(wrong + 'a message is a text or {"text", "after_s"}.')
    try:
        datetime.fromisoformat(item.get("at", "2026-01-01"))
    except (TypeError, ValueError) as error:
        raise BadRequest(wrong + '"at" must look like 2026-11-25T02:10:00-05:00.') from error
    return item
