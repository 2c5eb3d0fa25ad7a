"""What the brain is told about the person and the moment, and what the person is told when it is silent."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.conversation.records import Job
from bot.turns import Context, Reply, TurnRequest

log = logging.getLogger(__name__)
Notice = Callable[[str, str, str, datetime], Reply]
SHORT_CHANNELS = frozenset({"sms"})


class Telling:
    """Builds the brain's call and our own notices.

    Args:
        on_call: True while a human will truly see an escalation soon.
        notice: (name, region, channel, at) -> the words of a notice; name is "" when unknown.
        fallback: Said when `notice` fails.
    """

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        *,
        on_call: Callable[[], bool],
        notice: Notice,
        fallback: Reply,
        default_zone: str | None,
    ) -> None:
        self._clock, self._rng, self._on_call = clock, rng, on_call
        self._notice, self._fallback, self._default_zone = notice, fallback, default_zone

    def request(self, job: Job) -> TurnRequest:
        seen = job.waiting.seen
        context = Context(
            now=job.person.local(self._clock.now(), self._default_zone).isoformat(),
            region=job.person.region,
            channel=job.waiting.place.channel,
            short=job.waiting.place.channel in SHORT_CHANNELS,
            on_call=self._is_on_call(),
            name=job.person.name,
            seed=self._rng.getrandbits(31),
            safety_kind=seen.kind,
            safety_level=seen.level,
            answered_by_safety=seen.is_urgent,
        )
        return TurnRequest(job.waiting.message, context, job.state)

    def notice(self, job: Job) -> Reply | None:
        """None when nobody waits: a timer of ours has no one to tell."""
        if job.waiting.origin == "timer":
            return None
        person, channel = job.person, job.waiting.place.channel
        try:
            return self._notice(person.name or "", person.region, channel, self._clock.now())
        except Exception as error:  # noqa: BLE001 - no fault in content may leave a person in silence
            log.error("notice failed: %s", type(error).__name__)
            return self._fallback

    def _is_on_call(self) -> bool:
        try:
            return bool(self._on_call())
        except Exception as error:  # noqa: BLE001 - when in doubt, promise nobody
            log.error("rota failed: %s", type(error).__name__)
            return False
