"""Whose turn it is: a conversation is held by one worker at a time, proved by a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation.records import Job, Talk
from bot.conversation.storage import UnitOfWork
from bot.people.model import Person


def claim(work: UnitOfWork, talk: Talk, now: datetime, until: datetime) -> Job | None:
    """The oldest waiting message of this person, if nobody else holds the conversation."""
    if not talk.is_free(now):
        return None
    waiting = work.next_waiting(talk.person.id)
    if waiting is None:
        return None
    work.lease_talk(talk.person.id, talk.token + 1, until)
    return Job(waiting, talk.person, talk.token + 1, talk.state, talk.noticed_at, until)


def go_on(
    work: UnitOfWork,
    job: Job,
    person: Person,
    state: Mapping[str, Any] | None,
    noticed_at: datetime | None,
    until: datetime,
) -> Job | None:
    """The person's next message under the same token; the conversation is let go when there is none."""
    waiting = work.next_waiting(person.id)
    if waiting is None:
        work.release_talk(person.id, job.token)
        return None
    work.lease_talk(person.id, job.token, until)
    return replace(job, waiting=waiting, person=person, state=state, noticed_at=noticed_at, until=until)
