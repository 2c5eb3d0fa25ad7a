"""One conversation with either side, as a client has it over HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from benchmarks import history
from benchmarks.processes import BenchmarkFailed
from benchmarks.wire import Link

MESSAGES = (
    "i feel so out of control right now",
    "why",
    "havent been to a meeting in like 3 wks",
    "how often do people relapse",
    "i cant sleep again",
    "what else can i try",
    "my boss keeps yelling at me and rent is due",
    "how does naloxone work",
    "i feel so alone lately",
    "thanks that helps",
)
"""Ten turns; each is answered by a custom action, none of them opens a form or raises an alarm."""
FIRST_MESSAGE, CRISIS_MESSAGE = MESSAGES[0], "he isnt breathing and his lips are blue"
ANSWER_S = 60.0


@dataclass(frozen=True)
class Told:
    """What came back for one message, and after how many milliseconds."""

    text: str
    milliseconds: float


class Talk(Protocol):
    """A conversation. `say` returns when the whole answer has been read; an empty text means that none came."""

    async def open(self) -> None: ...

    async def say(self, text: str) -> Told: ...

    async def live_through(self, messages: int) -> None:
        """Make this conversation so many messages long, by whatever way gives the same rows in the database."""

    async def close(self) -> None: ...


class OurTalk:
    """With Nightlight, as the page does it: a cookie, a POST for each message, the answer by server-sent events."""

    def __init__(self, port: int) -> None:
        self._port, self._link, self._listening = port, Link(port), Link(port)
        self._cookie = ""
        self._task: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._said = 0

    async def open(self) -> None:
        page = await self._link.ask("GET", "/")
        self._cookie = page.headers["set-cookie"].partition(";")[0]
        self._task = asyncio.create_task(self._listen())

    async def say(self, text: str) -> Told:
        """Raises TimeoutError when no answer comes."""
        began = time.perf_counter()
        posted = await self.post(text)
        async with asyncio.timeout(ANSWER_S):
            reply = await self._answer_to(posted["id"])
        took = (time.perf_counter() - began) * 1000
        await self._link.ask("POST", "/api/chat/seen", {"up_to": reply["id"]}, self._cookie)
        return Told(reply["text"] if reply["kind"] == "reply" else "", took)

    async def post(self, text: str) -> dict[str, Any]:
        """Send a message; the receipt, with the first words when it tells of danger."""
        body = {"client_id": secrets.token_hex(8), "text": text}
        answer = await self._link.ask("POST", "/api/chat/messages", body, self._cookie)
        # 429 asks a script to slow down; the words are kept and answered all the same.
        if answer.status not in {202, 429}:
            raise BenchmarkFailed(f"a message was answered with {answer.status}")
        return dict(answer.json())

    async def live_through(self, messages: int) -> None:
        while self._said < messages:
            await self.say(MESSAGES[self._said % len(MESSAGES)])

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._link.close()
        self._listening.close()

    def _answer_to(self, message: int) -> asyncio.Future[dict[str, Any]]:
        return self._answers.setdefault(message, asyncio.get_running_loop().create_future())

    async def _listen(self) -> None:
        async for kind, data in self._listening.events("/api/chat/events", self._cookie):
            if kind == "message" and data["kind"] == "reply" and not self._answer_to(data["in_reply_to"]).done():
                self._said += 1
                self._answer_to(data["in_reply_to"]).set_result(data)


class StockTalk:
    """With the stock server, over its REST channel."""

    def __init__(self, port: int, database: Path) -> None:
        self._link, self._database = Link(port), database
        self._sender = secrets.token_hex(8)

    async def open(self) -> None:
        """Nothing: a sender is whatever a client says."""

    async def say(self, text: str) -> Told:
        began = time.perf_counter()
        answer = await self._link.ask("POST", "/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        took = (time.perf_counter() - began) * 1000
        texts = [part.get("text") or "" for part in answer.json()] if answer.status == 200 else []
        return Told("\n".join(texts), took)

    async def live_through(self, messages: int) -> None:
        """A few rounds are lived; the rest are copies of their rows, or it would take an hour."""
        with closing(history.opened(self._database)) as rows:
            while history.count(rows, self._sender) < min(messages, 3 * len(MESSAGES)):
                await self.say(MESSAGES[history.count(rows, self._sender) % len(MESSAGES)])
            history.lengthen(rows, self._sender, messages, keep=len(MESSAGES))

    async def close(self) -> None:
        self._link.close()


class RightAnswer:
    """Knows the answer to the first message: it must hold words of that guidance entry."""

    def __init__(self, content: Path) -> None:
        entry = yaml.safe_load((content / "guidance/warning_signs/out_of_control.yml").read_text("utf-8"))
        self._words = [text for part in ("helps", "step_now", "ask") for text in entry[part] if isinstance(text, str)]

    def is_right(self, text: str) -> bool:
        return any(words in text for words in self._words)


async def first_connection(port: int, seconds: float, still_there: Callable[[], object]) -> None:
    """Wait until somebody listens; `still_there` raises when nobody ever will.

    Raises:
        TimeoutError: Nobody did in time.
    """
    async with asyncio.timeout(seconds):
        while still_there():
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)
