"""Which country's emergency number a person sees.

In this order: what the Door keeps of them (they may have told it in the chat), what the Door last said when it is
silent now, their pick in this browser, the programme's country.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.channels.web.markup import first_number
from bot.conversation.ports import Door

_log = logging.getLogger("nightlight.web")
SESSIONS_REMEMBERED = 10_000


@dataclass(frozen=True)
class Country:
    """One country as the page shows it; `emergency` says in words what to call there."""

    region: str
    emergency: str

    @property
    def dial(self) -> str | None:
        """The first number in `emergency`, None when it has none."""
        return first_number(self.emergency) or None

    def json(self) -> dict[str, str | None]:
        return {"region": self.region, "emergency": self.emergency, "dial": self.dial}


AnswerSoFar = Callable[[], Awaitable[Country]]


class Countries:
    """Asks the Door, and remembers its last answers in this process. Never raises: some number is always shown.

    `wait_s`: seconds after which a Door that does not answer is given up.
    """

    def __init__(self, door: Door, emergency_for: Callable[[str], str], wait_s: float) -> None:
        self._door, self._emergency_for, self._wait_s = door, emergency_for, wait_s
        self._heard: OrderedDict[str, str] = OrderedDict()

    def of(self, region: str) -> Country:
        return Country(region, self._emergency_for(region))

    def guess(self, address: str, otherwise: str) -> Country:
        """What is known without asking. `otherwise`: the browser's pick, or the programme's country."""
        return self.of(self._heard.get(address, otherwise))

    async def ask(self, address: str, otherwise: str) -> Country:
        """What the Door keeps; a guess when it does not answer in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                region = await self._door.region_of("web", address)
        except Exception as problem:  # noqa: BLE001 - a number that may be of another country beats a page without one
            _log.warning("the country is not there: %s", type(problem).__name__)
            return self.guess(address, otherwise)
        if region is None:
            self.forget(address)
            return self.of(otherwise)
        self.hear(address, region)
        return self.of(region)

    @asynccontextmanager
    async def asking(self, address: str, otherwise: str) -> AsyncIterator[AnswerSoFar]:
        """Ask beside something more important; what it gives tells the answer so far and never waits for it."""
        question = asyncio.ensure_future(self.ask(address, otherwise))

        async def so_far() -> Country:
            await asyncio.wait({question}, timeout=0)
            return question.result() if question.done() else self.guess(address, otherwise)

        try:
            yield so_far
        finally:
            question.cancel()

    def hear(self, address: str, region: str) -> None:
        self._heard[address] = region
        self._heard.move_to_end(address)
        if len(self._heard) > SESSIONS_REMEMBERED:
            self._heard.popitem(last=False)

    def forget(self, address: str) -> None:
        self._heard.pop(address, None)
