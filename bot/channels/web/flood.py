"""How many messages a session sent in the last minute: tells a script from a person in a hurry. Nothing is dropped."""

from __future__ import annotations

from collections import OrderedDict, deque

from bot.clock import Clock

WINDOW_S = 60.0
SESSIONS_REMEMBERED = 10_000


class Flood:
    """Counts per session, in this process, and forgets the quietest sessions first."""

    def __init__(self, clock: Clock, a_minute: int) -> None:
        self._clock, self._a_minute = clock, a_minute
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def pause_after(self, address: str) -> int:
        """Count one message; seconds the sender should pause, 0 for everybody who writes by hand."""
        now = self._clock.monotonic()
        times = self._seen.setdefault(address, deque(maxlen=self._a_minute + 1))
        self._seen.move_to_end(address)
        times.append(now)
        if len(self._seen) > SESSIONS_REMEMBERED:
            self._seen.popitem(last=False)
        is_full = len(times) > self._a_minute
        return max(0, 1 + int(WINDOW_S - (now - times[0]))) if is_full and now - times[0] < WINDOW_S else 0
