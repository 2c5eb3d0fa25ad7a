"""People, their handles, and the conversation that each of them has with us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.records import Place, Seen, Talk, Waiting
from bot.conversation.storage import LeaseLost
from bot.people.model import Person
from bot.store.base import Again, Rows
from bot.store.tables import (
    AttemptRow,
    EscalationRow,
    HandleRow,
    InboxRow,
    OutboxRow,
    PersonRow,
    TalkRow,
    TimerRow,
)


class PeopleRowsIn(Rows):
    """The part of a unit of work that knows people."""

    def talk_at(self, place: Place) -> Talk | None:
        row = self.db.execute(_talk_at(self.locks), {"at_channel": place.channel, "at_address": place.address}).first()
        return None if row is None else _read_talk(row)

    def talk_of(self, person_id: str) -> Talk | None:
        row = self.db.execute(_talk_of(self.locks), {"who": person_id}).first()
        return None if row is None else _read_talk(row)

    def add_person(self, person: Person, place: Place, at: datetime) -> Talk:
        self._add(person, at, None)
        handle = {"channel": place.channel, "address": place.address, "person_id": person.id}
        try:
            self.db.execute(self.insert(HandleRow), handle)
        except IntegrityError as error:
            raise Again from error
        return Talk(person, 0, None, None, None)

    def _add(self, person: Person, at: datetime, erase_after: datetime | None) -> None:
        values = {"id": person.id, "name": person.name, "region": person.region, "zone": person.zone}
        values |= {"language": person.language}
        self.db.execute(self.insert(PersonRow), values | {"created_at": at, "erase_after": erase_after})
        self.db.execute(self.insert(TalkRow), {"person_id": person.id})

    def change_person(self, person_id: str, parts: Mapping[str, str]) -> None:
        if parts:
            self.db.execute(update(PersonRow).where(PersonRow.id == person_id).values(**parts))

    def keep_person(self, person_id: str) -> None:
        husk = (PersonRow.id == person_id) & PersonRow.erase_after.is_not(None)
        self.db.execute(update(PersonRow).where(husk).values(erase_after=None))

    def lease_talk(self, person_id: str, token: int, until: datetime) -> None:
        self.db.execute(_lease(), {"who": person_id, "new_token": token, "until": until})

    def renew_talks(self, held: Sequence[tuple[str, int]], until: datetime) -> None:
        for person_id, token in held:
            # One that was let go meanwhile must not be taken up again: nobody would be working on it.
            alive = _held(person_id, token).where(TalkRow.lease_until.is_not(None))
            self.db.execute(alive.values(lease_until=until))

    def release_talk(self, person_id: str, token: int) -> None:
        self.db.execute(_release(), {"who": person_id, "held": token})

    def note_safety(self, person_id: str, seen: Seen, at: datetime) -> None:
        change = update(TalkRow).where(TalkRow.person_id == person_id)
        self.db.execute(change.values(safety_kind=seen.kind, safety_at=at))

    def note_notice(self, person_id: str, token: int, at: datetime) -> None:
        self._fenced(_held(person_id, token).values(noticed_at=at))

    def save_state(self, person_id: str, token: int, state: Mapping[str, Any]) -> None:
        if self.db.execute(_save(), {"who": person_id, "held": token, "new_state": state}).rowcount != 1:
            raise LeaseLost

    def check_token(self, person_id: str, token: int) -> None:
        self._fenced(_held(person_id, token).values(lease_token=token))

    def _fenced(self, change: Any) -> None:
        if self.db.execute(change).rowcount != 1:
            raise LeaseLost

    def erase_person(self, person_id: str) -> None:
        sent = select(OutboxRow.id).where(OutboxRow.person_id == person_id)
        self.db.execute(delete(AttemptRow).where(AttemptRow.outbox_id.in_(sent)))
        for table in (OutboxRow, InboxRow, TimerRow, TalkRow, HandleRow):
            self.db.execute(delete(table).where(table.person_id == person_id))
        nameless = update(EscalationRow).where(EscalationRow.person_id == person_id)
        self.db.execute(nameless.values(person_id=None, because=[], cause=None))
        self.db.execute(delete(PersonRow).where(PersonRow.id == person_id))

    def begin_again(self, old_id: str, fresh: Person, taken: Waiting, at: datetime, erase_after: datetime) -> None:
        self._add(fresh, at, erase_after)
        since = (InboxRow.person_id == old_id) & (InboxRow.status == "new") & (InboxRow.id != taken.id)
        self.db.execute(update(InboxRow).where(since, InboxRow.origin == "person").values(person_id=fresh.id))
        emptied: dict[str, Any] = {
            "person_id": fresh.id,
            "text": "",
            "payload": None,
            "chosen": None,
            "safety_because": [],
        }
        emptied |= {"status": "closed", "outcome": "erased", "answered_at": at, "provider_id": taken.provider_id}
        self.db.execute(update(InboxRow).where(InboxRow.id == taken.id).values(**emptied))
        self.erase_person(old_id)
        handle = {"channel": taken.place.channel, "address": taken.place.address, "person_id": fresh.id}
        self.db.execute(self.insert(HandleRow), handle)

    def husks(self, now: datetime, limit: int) -> list[str]:
        due = select(PersonRow.id).where(PersonRow.erase_after.is_not(None), PersonRow.erase_after <= now)
        return list(self.db.scalars(due.limit(limit)))

    def erase_husk(self, person_id: str) -> None:
        talk = self.talk_of(person_id)
        if talk is not None and talk.is_husk:
            self.erase_person(person_id)


def _held(person_id: object, token: object) -> Any:
    return update(TalkRow).where(TalkRow.person_id == person_id, TalkRow.lease_token == token)


@cache
def _lease() -> Any:
    change = update(TalkRow).where(TalkRow.person_id == bindparam("who"))
    return change.values(lease_token=bindparam("new_token"), lease_until=bindparam("until"))


@cache
def _release() -> Any:
    return _held(bindparam("who"), bindparam("held")).values(lease_until=None)


@cache
def _save() -> Any:
    version = TalkRow.state_version + 1
    change = _held(bindparam("who"), bindparam("held"))
    return change.values(state=bindparam("new_state"), state_version=version, noticed_at=None)


@cache
def _talk_at(locks: bool) -> Any:
    there = (HandleRow.channel == bindparam("at_channel")) & (HandleRow.address == bindparam("at_address"))
    query = _talk().join(HandleRow, HandleRow.person_id == PersonRow.id).where(there)
    return query.with_for_update(of=TalkRow) if locks else query


@cache
def _talk_of(locks: bool) -> Any:
    query = _talk().where(PersonRow.id == bindparam("who"))
    return query.with_for_update(of=TalkRow) if locks else query


def _talk() -> Select[Any]:
    person = (PersonRow.id, PersonRow.name, PersonRow.region, PersonRow.zone, PersonRow.language)
    talk = (
        TalkRow.lease_token,
        TalkRow.lease_until,
        TalkRow.state,
        TalkRow.noticed_at,
        PersonRow.erase_after,
        TalkRow.safety_kind,
        TalkRow.safety_at,
    )
    return select(*person, *talk).join(TalkRow, TalkRow.person_id == PersonRow.id)


def _read_talk(row: Any) -> Talk:
    person_id, name, region, zone, language, token, until, state, noticed_at, erase_after, kind, danger_at = row
    person = Person(person_id, name, region, zone, language)
    return Talk(person, token, until, state, noticed_at, erase_after is not None, kind, danger_at)
