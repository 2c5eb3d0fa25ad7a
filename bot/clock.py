"""What time it is: the only place in the house that asks the machine.

Everything that depends on time takes a `Clock`; tests and `make answer` pass one they move by hand.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Protocol

UTC = timezone.utc


class Clock(Protocol):
    """Tells the time. `now` is aware UTC; `monotonic` is seconds that never go back."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class HandClock:
    """A clock that moves only when told to; shipped, because scripted conversations need it too."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._ticks = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._ticks

    def move(self, span: timedelta) -> None:
        self._now += span
        self._ticks += max(span.total_seconds(), 0.0)
