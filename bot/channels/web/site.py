"""What every part of the website channel needs, and what several of them do."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.channels.web.countries import AnswerSoFar, Countries, Country
from bot.channels.web.flood import Flood
from bot.channels.web.session import Session, Sessions
from bot.channels.web.settings import WebSettings
from bot.channels.web.streams import Streams
from bot.channels.web.words import FOR_SCRIPT, Words
from bot.clock import Clock
from bot.conversation.model import Inbound, Outgoing, Receipt
from bot.conversation.ports import Door
from bot.errors import NotStored

HEALTH_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Site:
    """One website channel, wired."""

    door: Door
    clock: Clock
    settings: WebSettings
    words: Words
    countries: Countries
    health: Callable[[], Awaitable[dict[str, Any]]]
    sessions: Sessions
    streams: Streams
    flood: Flood

    def pick(self, request: Request) -> str:
        """The country picked in this browser, else the programme's."""
        return self.sessions.region(request) or self.settings.default_region

    def guess(self, request: Request, session: Session | None = None) -> Country:
        """The country of this person as far as we know without asking the Door."""
        known = session or self.sessions.read(request)
        return self.countries.guess(known.address if known else "", self.pick(request))

    async def country(self, request: Request, session: Session | None = None) -> Country:
        """The country of this person; asks the Door for anybody whom it may know."""
        known = session or self.sessions.read(request)
        if known is None or known.is_new:
            return self.countries.of(self.pick(request))
        return await self.countries.ask(known.address, self.pick(request))

    def asking(self, request: Request, session: Session) -> AbstractAsyncContextManager[AnswerSoFar]:
        """As `Countries.asking`: where nothing may wait for the answer."""
        return self.countries.asking(session.address, self.pick(request))

    async def pick_region(self, session: Session, region: str) -> Country:
        """The person chose their country on the page: from now on that holds, on every page they have open."""
        await self.door.set_region("web", session.address, region)
        self.countries.hear(session.address, region)
        self.streams.ring(session.address, moved=True)
        return self.countries.of(region)

    def say(self, key: str, country: Country) -> str:
        """Words for this person: their emergency number, the programme's name and its days filled in."""
        return self.words.say(key, **self._fill(country.emergency, country.dial or country.emergency))

    def for_script(self) -> dict[str, str]:
        """Words for the page's script. It fills the number in by itself: that may change while the page is open."""
        return {key: self.words.say(key, **self._fill("{emergency}", "{dial}")) for key in FOR_SCRIPT}

    def _fill(self, emergency: str, dial: str) -> dict[str, str]:
        return {
            "emergency": emergency,
            "dial": dial,
            "programme": self.settings.programme_name,
            "days": str(self.settings.retention_days),
            "session_days": str(self.settings.session_days),
        }

    async def receive(
        self, request: Request, session: Session, client_id: str, text: str, choice: str | None
    ) -> Receipt:
        """Hand a message to the Door. Its id is bound to the session, so no stranger's id can swallow it.

        Raises:
            NotStored: It could not be kept.
        """
        provider_id = hashlib.sha256(f"{session.address} {client_id}".encode()).hexdigest()
        inbound = Inbound(
            channel="web",
            address=session.address,
            provider_id=provider_id,
            text=text,
            received_at=self.clock.now(),
            choice_id=choice,
            region_hint=self.guess(request, session).region,
        )
        receipt = await self.door.receive(inbound)
        self.streams.ring(session.address)
        return receipt

    async def erase(self, session: Session) -> Session:
        """Forget everything of this session; the browser gets another, so that nothing leads back."""
        await self.door.erase("web", session.address)
        self.streams.close(session.address)
        self.countries.forget(session.address)
        return self.sessions.fresh(embedded=session.embedded)

    async def report_health(self) -> tuple[bool, dict[str, Any]]:
        """(ready, what is up and what is down)."""
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT_S):
                parts = await self.health()
        except Exception:  # noqa: BLE001 - an unknown state is reported as not ready, it must not be a 500
            parts = {"ready": False}
        ready = bool(parts.get("ready", True))
        return ready, {**parts, "live": True, "ready": ready}


def urgent_of(problem: NotStored) -> tuple[Outgoing, ...]:
    """The words that must be shown although nothing could be stored."""
    return tuple(words for words in problem.urgent if isinstance(words, Outgoing))
