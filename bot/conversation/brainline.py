"""The line to the brain: one call with a deadline, and a memory of how long it has been quiet."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.clock import Clock
from bot.conversation.ports import Brain
from bot.errors import BrainUnavailable
from bot.turns import TurnRequest, TurnResult


class BrainLine:
    """Asks the brain, and knows since when it does not answer."""

    def __init__(self, brain: Brain, clock: Clock, deadline_s: float) -> None:
        self._brain, self._clock, self._deadline = brain, clock, deadline_s
        self.down_since: datetime | None = None
        self.answers = 0

    async def ask(self, request: TurnRequest) -> TurnResult:
        """Raises BrainUnavailable when there is no answer in time."""
        if self.down_since is not None and not self._brain.is_ready:
            raise BrainUnavailable
        try:
            async with asyncio.timeout(self._deadline):
                result = await self._brain.take_turn(request)
        except (TimeoutError, BrainUnavailable) as error:
            self.down_since = self.down_since or self._clock.now()
            raise BrainUnavailable from error
        except Exception:
            self._heard()
            raise
        self._heard()
        return result

    def _heard(self) -> None:
        self.down_since = None
        self.answers += 1
