"""Whose turn it is: a conversation is held by one worker at a time, proved by a token."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation.records import Job, Talk
from bot.conversation.storage import UnitOfWork


def claim(work: UnitOfWork, talk: Talk, now: datetime, until: datetime) -> Job | None:
    """The oldest waiting message of this person, if nobody else holds the conversation."""
    if not talk.is_free(now):
        return None
    waiting = work.next_waiting(talk.person.id)
    if waiting is None:
        return None
    work.lease_talk(talk.person.id, talk.token + 1, until)
    return Job(waiting, talk.person, talk.token + 1, talk.state, talk.noticed_at, until)


def go_on(work: UnitOfWork, job: Job, until: datetime) -> Job | None:
    """The person's next message under the same token; the conversation is let go when there is none.

    `job` carries the person and the state as the turn that ends has left them.
    """
    waiting = work.next_waiting(job.person.id)
    if waiting is None:
        work.release_talk(job.person.id, job.token)
        return None
    work.lease_talk(job.person.id, job.token, until)
    return replace(job, waiting=waiting, until=until)
