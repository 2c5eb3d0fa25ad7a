"""What every part of the website channel needs, and what several of them do."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.channels.web.flood import Flood
from bot.channels.web.markup import first_number
from bot.channels.web.session import Session, Sessions
from bot.channels.web.settings import WebSettings
from bot.channels.web.streams import Streams
from bot.channels.web.words import Words
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
    emergency_for: Callable[[str], str]
    health: Callable[[], Awaitable[dict[str, Any]]]
    sessions: Sessions
    streams: Streams
    flood: Flood

    def region(self, request: Request) -> str:
        """The country of this browser: the person's pick, else the programme's."""
        return self.sessions.region(request) or self.settings.default_region

    def emergency(self, request: Request) -> str:
        return self.emergency_for(self.region(request))

    def say(self, key: str, request: Request) -> str:
        """Words for this person: their emergency number, the programme's name and its days filled in."""
        return self.words.say(key, **self.fill(request))

    def fill(self, request: Request) -> dict[str, str]:
        emergency = self.emergency(request)
        return {
            "emergency": emergency,
            "dial": first_number(emergency) or emergency,
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
            region_hint=self.region(request),
        )
        receipt = await self.door.receive(inbound)
        self.streams.ring(session.address)
        return receipt

    async def erase(self, session: Session) -> Session:
        """Forget everything of this session; the browser gets another, so that nothing leads back."""
        await self.door.erase("web", session.address)
        self.streams.close(session.address)
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
