"""A Door that keeps everything in memory, and the parts a website channel is wired from in tests."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from starlette.applications import Starlette

import bot.content
from bot.channels.web.app import create_app
from bot.channels.web.settings import WebSettings
from bot.clock import Clock, SystemClock
from bot.conversation.model import Inbound, Line, OfferedChoice, Outgoing, Receipt
from bot.errors import NotStored

Said = tuple[str, tuple[str, ...], str | None]
Script = Callable[[str], list[Said]]
KEY = b"k" * 32
NUMBERS = {
    "US": "911",
    "CA": "911",
    "GB": "999",
    "IE": "112 or 999",
    "DE": "112 or 110",
    "XX": "the local emergency number",
}
REGIONS = (
    *(("US", "United States"), ("CA", "Canada"), ("GB", "United Kingdom"), ("IE", "Ireland"), ("DE", "Germany")),
    ("XX", "Elsewhere"),
)
COUNTRIES = {"im in ireland": "IE", "im in germany": "DE", "im somewhere else": "XX"}


def settings(**changes: Any) -> WebSettings:
    """Settings for plain http on this machine."""
    usual = {"public_url": "http://testserver", "session_keys": (KEY,), "secure_cookies": False, "regions": REGIONS}
    return WebSettings(**{**usual, "form_wait_s": 0.2, **changes})


def words() -> Mapping[str, str]:
    """The real words."""
    path = Path(bot.content.__path__[0]) / "messages" / "website.yml"
    found: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))["words"]
    return found


def make_app(door: FakeDoor, clock: Clock | None = None, **changes: Any) -> Starlette:
    async def health() -> dict[str, Any]:
        return {"ready": True}

    return create_app(
        door, clock or SystemClock(), settings(**changes), words(), lambda code: NUMBERS.get(code, "112"), health
    )


def plain_script(text: str) -> list[Said]:
    return [(f"You said: {text}", (), None)]


@dataclass
class Person:
    """What the fake keeps of one address."""

    lines: list[Line] = field(default_factory=list)
    out: list[Outgoing] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    region: str | None = None
    seen: int = 0


@dataclass
class FakeDoor:
    """`script` answers; `is_held` keeps answers back until `release`; `is_broken` makes `receive` raise NotStored.

    A person who writes one of `COUNTRIES` is there from the answer on, as with the brain's `set_region`.
    """

    clock: Clock = field(default_factory=SystemClock)
    script: Script = plain_script
    is_held: bool = False
    is_broken: bool = False
    kept_in: Any = "inbox"
    people: defaultdict[str, Person] = field(default_factory=lambda: defaultdict(Person))
    received: list[Inbound] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    last_id: int = 0

    async def receive(self, inbound: Inbound) -> Receipt:
        if self.is_broken:
            raise NotStored(self._danger(inbound.text, -1, None))
        if inbound.provider_id in self.taken:
            return Receipt(self.kept_in, True, self.taken[inbound.provider_id], ())
        message_id = self.taken[inbound.provider_id] = len(self.taken) + 1
        self.received.append(inbound)
        person = self.people[inbound.address]
        person.region = person.region or inbound.region_hint
        said = self.titles.get(inbound.choice_id or "", inbound.text)
        person.lines.append(Line(self.clock.now(), said))
        urgent = self._danger(inbound.text, self.last_id + 1, message_id)
        self._put(person, urgent)
        person.held.append((message_id, said))
        if not self.is_held:
            self.release(inbound.address)
        return Receipt(self.kept_in, False, message_id, urgent)

    def release(self, address: str) -> None:
        """Give the answers that were held back. Call it in the server's loop."""
        person = self.people[address]
        for message_id, said in person.held:
            person.region = COUNTRIES.get(said, person.region)
            self._put(person, tuple(self._reply(*one, message_id) for one in self.script(said)))
        person.held.clear()

    def _danger(self, text: str, id_: int, message_id: int | None) -> tuple[Outgoing, ...]:
        if "breathing" not in text:
            return ()
        self.last_id = max(self.last_id, id_)
        words = "**Call 911 now.** Put the phone on speaker."
        return (Outgoing(id_, "urgent", words, (), None, self.clock.now(), message_id),)

    def _reply(self, text: str, titles: tuple[str, ...], source: str | None, message_id: int) -> Outgoing:
        self.last_id += 1
        choices = tuple(OfferedChoice(f"c{self.last_id}-{index}", title) for index, title in enumerate(titles))
        self.titles |= {choice.id: choice.title for choice in choices}
        return Outgoing(self.last_id, "reply", text, choices, source, self.clock.now(), message_id)

    def _put(self, person: Person, replies: tuple[Outgoing, ...]) -> None:
        person.out += replies
        person.lines += [Line(reply.at, reply.text, reply) for reply in replies]
        person.news.set()

    async def replies_since(self, channel: str, address: str, after_id: int) -> list[Outgoing]:
        return [reply for reply in self.people[address].out if reply.id > after_id]

    async def wait_for_replies(self, channel: str, address: str, after_id: int, timeout_s: float) -> list[Outgoing]:
        person = self.people[address]
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := await self.replies_since(channel, address, after_id)):
                    person.news.clear()
                    await person.news.wait()
        except TimeoutError:
            return []
        return found

    async def is_answering(self, channel: str, address: str) -> bool:
        return bool(self.people[address].held)

    async def history(self, channel: str, address: str, limit: int = 50) -> list[Line]:
        return self.people[address].lines[-limit:]

    async def mark_seen(self, channel: str, address: str, up_to_id: int) -> None:
        self.people[address].seen = max(self.people[address].seen, up_to_id)

    async def set_region(self, channel: str, address: str, region: str) -> None:
        self.people[address].region = region

    async def region_of(self, channel: str, address: str) -> str | None:
        return self.people[address].region if address in self.people else None

    async def erase(self, channel: str, address: str) -> None:
        self.people.pop(address, None)
