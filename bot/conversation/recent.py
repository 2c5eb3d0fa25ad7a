"""The last two minutes in memory, so that the screen can read on when the database cannot."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.conversation.model import Inbound
from bot.conversation.records import Place

MOST_PEOPLE = 10_000
MOST_WORDS = 8


class Recent:
    """Who said what a moment ago, and from which region; bounded, never written anywhere."""

    def __init__(self, span_s: float) -> None:
        self._span = timedelta(seconds=span_s)
        self._said: OrderedDict[Place, deque[tuple[datetime, str, str]]] = OrderedDict()
        self._answered: OrderedDict[tuple[Place, str], None] = OrderedDict()
        self._regions: OrderedDict[Place, str] = OrderedDict()

    def words(self, place: Place, inbound: Inbound) -> list[str]:
        """What they said before this message, oldest first, since the words that were last answered at once.

        Danger that was answered must not make the next harmless message look dangerous.
        """
        since = inbound.received_at - self._span
        words: list[str] = []
        for at, key, text in self._said.get(place, ()):
            if key == inbound.provider_id:
                break
            if (place, key) in self._answered:
                words.clear()
            elif at >= since:
                words.append(text)
        return words

    def add(self, place: Place, inbound: Inbound) -> None:
        said = self._said.setdefault(place, deque(maxlen=MOST_WORDS))
        self._said.move_to_end(place)
        if inbound.text and all(key != inbound.provider_id for _, key, _ in said):
            said.append((inbound.received_at, inbound.provider_id, inbound.text))
        self._trim(inbound.received_at - self._span)

    def answered_at_once(self, place: Place, inbound: Inbound) -> None:
        """First words went out for this message."""
        self._answered[place, inbound.provider_id] = None
        if len(self._answered) > MOST_PEOPLE:
            self._answered.popitem(last=False)

    def _trim(self, since: datetime) -> None:
        while self._said:
            place, said = next(iter(self._said.items()))
            if len(self._said) <= MOST_PEOPLE and said and said[-1][0] >= since:
                return
            del self._said[place]

    def know_region(self, place: Place, region: str) -> None:
        self._regions[place] = region
        self._regions.move_to_end(place)
        if len(self._regions) > MOST_PEOPLE:
            self._regions.popitem(last=False)

    def region(self, place: Place) -> str | None:
        return self._regions.get(place)

    def forget(self, place: Place) -> None:
        self._said.pop(place, None)
        self._regions.pop(place, None)
