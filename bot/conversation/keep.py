"""The first transaction of a message: kept, screened, first words said, its turn claimed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.conversation import choices
from bot.conversation.claims import claim
from bot.conversation.firstwords import FirstResponder
from bot.conversation.model import Inbound, Outgoing
from bot.conversation.outbox import say
from bot.conversation.pace import Pace
from bot.conversation.records import Kept, NewInbound, Place, Seen, Talk
from bot.conversation.storage import UnitOfWork
from bot.people.model import Person
from bot.people.profile import region_of


class Keeper:
    """Puts a message into the inbox, with everything that must be there in the same moment."""

    def __init__(
        self, responder: FirstResponder, clock: Clock, rng: random.Random, pace: Pace, default_region: str
    ) -> None:
        self._responder, self._clock, self._rng, self._pace = responder, clock, rng, pace
        self._default_region = default_region

    def keep(self, work: UnitOfWork, inbound: Inbound, seen: Seen, earlier: Sequence[str]) -> Kept:
        """Runs inside one transaction. A message that is already there changes nothing."""
        place = Place(inbound.channel, inbound.address)
        talk = work.talk_at(place) or self.welcome(work, place, inbound.region_hint)
        seen = self._look_again(work, talk, inbound, seen, earlier)
        message_id = work.add_inbound(self._entry(work, talk, place, inbound, seen))
        if message_id is None:
            return self._repeated(work, place, inbound.provider_id)
        if talk.is_husk:
            work.keep_person(talk.person.id)
        urgent, escalated = self._respond(work, talk, place, seen, message_id)
        now = self._clock.now()
        job = claim(work, talk, now, now + timedelta(seconds=self._pace.lease))
        return Kept(message_id, False, urgent, job, escalated)

    def welcome(self, work: UnitOfWork, place: Place, region_hint: str | None) -> Talk:
        """Somebody new."""
        person = Person(f"{self._rng.getrandbits(128):032x}", region=region_of(region_hint) or self._default_region)
        return work.add_person(person, place, self._clock.now())

    def _look_again(self, work: UnitOfWork, talk: Talk, inbound: Inbound, seen: Seen, earlier: Sequence[str]) -> Seen:
        """Another process may have read the words just before; the graver verdict counts."""
        if not inbound.text:
            return seen
        since = inbound.received_at - timedelta(seconds=self._pace.earlier_words)
        said = work.recent_words(talk.person.id, since)
        if said == list(earlier):
            return seen
        again = self._responder.look(inbound.text, said)
        return again if again.rank > seen.rank else seen

    def _entry(self, work: UnitOfWork, talk: Talk, place: Place, inbound: Inbound, seen: Seen) -> NewInbound:
        chosen = None
        if inbound.choice_id is not None:
            chosen = work.offered(talk.person.id, inbound.choice_id)
        elif seen.rank == 0 and choices.may_be_choice(inbound.text):
            chosen = choices.written(inbound.text, work.last_offered(talk.person.id), talk.state)
        return NewInbound(
            talk.person.id,
            place,
            inbound.provider_id,
            "person",
            inbound.text,
            inbound.received_at,
            seen,
            chosen.payload if chosen and seen.rank == 0 else None,
            chosen.title if chosen else None,
        )

    def _respond(
        self, work: UnitOfWork, talk: Talk, place: Place, seen: Seen, message_id: int
    ) -> tuple[tuple[Outgoing, ...], bool]:
        if not seen.is_urgent:
            return (), False
        now = self._clock.now()
        recently = talk.danger_at is not None and now - talk.danger_at < timedelta(seconds=self._pace.same_danger)
        again = recently and talk.danger_kind == seen.kind
        words = self._responder.words(seen, talk.person.region, place.channel, now, again)
        who = talk.person.id
        urgent = say(work, self._rng, words, person_id=who, place=place, kind="urgent", at=now, in_reply_to=message_id)
        work.note_safety(talk.person.id, seen, now)
        cases = [seen, *(replace(seen, kind=kind, level="urgent") for kind in seen.also)]
        opened = [work.open_escalation(talk.person.id, case, message_id, now) for case in cases]
        return urgent, any(opened)

    def _repeated(self, work: UnitOfWork, place: Place, provider_id: str) -> Kept:
        message_id = work.inbound_id(place, provider_id) or 0
        return Kept(message_id, True, work.urgent_words(message_id))
