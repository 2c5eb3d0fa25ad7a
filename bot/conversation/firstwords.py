"""The screen's verdict and the words that go with it; neither may ever fail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.conversation.records import LEVELS, Seen
from bot.turns import Reply

log = logging.getLogger(__name__)
Render = Callable[[str, str, str, str, datetime], Sequence[Reply]]
UNSURE = Seen("unreadable", "urgent", ("screen_failed",))


class Verdict(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def level(self) -> int: ...

    @property
    def because(self) -> tuple[str, ...]: ...

    @property
    def who(self) -> str: ...

    @property
    def also(self) -> tuple[str, ...]: ...


class Screening(Protocol):
    """`bot.safety.Screen`, as far as this room needs it."""

    def assess(self, text: str, earlier: Sequence[str] = ()) -> Verdict: ...


class FirstResponder:
    """Looks at the words before anything else, and knows what to say at once.

    Args:
        screen: The safety screen.
        render: (kind, who, region, channel, at) -> first words of that kind; who is "self" or "other".
        fallback: What is said when `render` fails or has nothing; must not be empty.
        again: As `render`, for the same kind within minutes: one short line instead of the same words once more.
    """

    def __init__(
        self, screen: Screening, render: Render, fallback: Sequence[Reply], again: Render | None = None
    ) -> None:
        self._screen, self._render, self._fallback = screen, render, tuple(fallback)
        self._again = again

    def look(self, text: str, earlier: Sequence[str]) -> Seen:
        """What the screen sees. A screen that breaks has seen something."""
        if not text:
            return Seen()
        try:
            verdict = self._screen.assess(text, earlier)
            level = LEVELS[int(verdict.level)]
            return Seen(verdict.kind, level, tuple(verdict.because), verdict.who, tuple(verdict.also))
        except Exception as error:  # noqa: BLE001 - a crash of the detector counts as a possible crisis
            log.error("safety screen failed: %s", type(error).__name__)
            return UNSURE

    def words(self, seen: Seen, region: str, channel: str, at: datetime, again: bool = False) -> tuple[Reply, ...]:
        """First words for danger and urgency, none for less; `again`: the same danger was answered minutes ago."""
        if not seen.is_urgent:
            return ()
        render = self._again if again and self._again else self._render
        try:
            return tuple(render(seen.kind, seen.who, region, channel, at)) or self._fallback
        except Exception as error:  # noqa: BLE001 - no fault in content may keep these words back
            log.error("first words failed: %s", type(error).__name__)
            return self._fallback
