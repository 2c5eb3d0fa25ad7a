"""The app's own words: what is said before the brain is asked, and when it cannot answer.

Everything comes from the content library, held in memory, so it works with brain, database and providers down.
Built by wiring; called by the durable path. Not here: choosing guidance (actions).
"""

from __future__ import annotations

import random
from datetime import datetime

from bot.errors import BadContent
from bot.library.choose import Composed, Situation, compose, compose_part
from bot.library.model import Library
from bot.library.numbers import safety_numbers
from bot.safety import KindContent
from bot.turns import Reply


class Voice:
    """Renders the safety words and the notices for a region at a moment."""

    def __init__(self, library: Library, safety: dict[str, KindContent], rng: random.Random) -> None:
        self._library, self._safety, self._rng = library, safety, rng
        for needed in ("crisis_fallback", "crisis_again", "brain_down", "unreadable"):
            if needed not in library.messages:
                raise BadContent("bot/content/messages", 1, needed, "is missing; it is said when all else fails")

    def first_words(self, kind: str, who: str, region: str, channel: str, at: datetime) -> list[Reply]:
        """The first words of a kind of danger; for a message that cannot be read, the words for that."""
        content = self._safety.get(kind)
        if content is None:
            return [self._message("unreadable", "", region, channel, at)]
        numbers = safety_numbers(self._library, region, at, channel)
        return [Reply(text) for text in content.first_words(who, numbers)]

    def words_again(self, kind: str, who: str, region: str, channel: str, at: datetime) -> list[Reply]:
        """One short line, where the first words of this kind were said minutes ago."""
        message = self._library.messages["crisis_again"]
        if kind not in message.parts:
            return self.first_words(kind, who, region, channel, at)
        situation = Situation(at, region, channel, short=channel == "sms", seed=self._rng.getrandbits(31))
        return list(compose_part(message, kind, situation, self._library).replies())

    def notice(self, name: str, region: str, channel: str, at: datetime) -> Reply:
        """The honest word that an answer is late."""
        return self._message("brain_down", name, region, channel, at)

    def fallback(self, region: str, at: datetime) -> Reply:
        """The constant words for when everything else fails, made once at start."""
        return self._message("crisis_fallback", "", region, "web", at)

    def emergency(self, region: str) -> str:
        return self._library.emergency(region)

    def _message(self, which: str, name: str, region: str, channel: str, at: datetime) -> Reply:
        situation = Situation(
            at, region, channel, short=channel == "sms", name=name or None, seed=self._rng.getrandbits(31)
        )
        composed: Composed = compose(self._library.messages[which], situation, self._library)
        return composed.replies()[0]
