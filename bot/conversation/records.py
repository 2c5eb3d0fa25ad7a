"""What the durable path remembers between two steps.

Who calls it: the use cases of this room build and read these values; `bot.store` keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.conversation.model import Kind, Outgoing
from bot.people.model import Person
from bot.turns import Choice, Message

Origin = Literal["person", "timer"]
LEVELS = ("none", "concern", "urgent", "danger")
URGENT_LEVEL = 2


@dataclass(frozen=True)
class Place:
    """Where a person is reached: a channel and the channel's own name for them."""

    channel: str
    address: str


@dataclass(frozen=True)
class Seen:
    """What the safety screen saw, in the words of the tables.

    `who` ("self" or "other") and `also` (further kinds) are used at once and not kept with the message.
    """

    kind: str = "none"
    level: str = "none"
    because: tuple[str, ...] = ()
    who: str = "self"
    also: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return LEVELS.index(self.level)

    @property
    def is_urgent(self) -> bool:
        """True when first words go out before anything else."""
        return self.rank >= URGENT_LEVEL


@dataclass(frozen=True)
class Reading:
    """How one message was read and what became of it."""

    intent: str | None
    outcome: str | None
    seen: Seen


@dataclass(frozen=True)
class Opened:
    """An escalation as it was opened."""

    kind: str
    level: str
    because: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Talk:
    """A person and where the conversation with them stands, read under the conversation's lock.

    `is_husk`: they asked to be forgotten, and only the confirmation is left.
    """

    person: Person
    token: int
    lease_until: datetime | None
    state: Mapping[str, Any] | None
    noticed_at: datetime | None
    is_husk: bool = False
    danger_kind: str | None = None
    danger_at: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        return self.lease_until is None or self.lease_until <= now


@dataclass(frozen=True)
class NewInbound:
    """A message about to be kept."""

    person_id: str
    place: Place
    provider_id: str
    origin: Origin
    text: str
    received_at: datetime
    seen: Seen = Seen()
    payload: str | None = None
    chosen: str | None = None


@dataclass(frozen=True)
class Waiting:
    """A kept message that has no answer yet."""

    id: int
    place: Place
    provider_id: str
    origin: Origin
    text: str
    payload: str | None
    received_at: datetime
    seen: Seen
    attempts: int

    @property
    def message(self) -> Message:
        return Message(self.text, self.payload)


@dataclass(frozen=True)
class Job:
    """One turn to take: the message, the person, the state, and the token that proves it is ours."""

    waiting: Waiting
    person: Person
    token: int
    state: Mapping[str, Any] | None
    noticed_at: datetime | None
    until: datetime


@dataclass(frozen=True)
class OfferedMeaning:
    """A choice as the outbox keeps it: what is shown, and what it means."""

    id: str
    title: str
    payload: str


@dataclass(frozen=True)
class NewOutgoing:
    """A message about to be put into the outbox."""

    person_id: str
    place: Place
    kind: Kind
    text: str
    at: datetime
    choices: tuple[Choice, ...] = ()
    source: str | None = None
    in_reply_to: int | None = None

    @property
    def priority(self) -> int:
        return 0 if self.kind == "urgent" else 5


@dataclass(frozen=True)
class Kept:
    """What became of a message in the inbox; `job` when its turn is ours to take now."""

    message_id: int
    repeated: bool
    urgent: tuple[Outgoing, ...] = ()
    job: Job | None = None
    escalated: bool = False


@dataclass(frozen=True)
class NewTimer:
    person_id: str
    place: Place
    key: str
    due_at: datetime
    payload: str


@dataclass(frozen=True)
class DueTimer:
    id: int
    person_id: str
    place: Place
    payload: str
    due_at: datetime


@dataclass(frozen=True)
class Parcel:
    """An outbox row leased to one sender; `token` fences every later write."""

    outgoing: Outgoing
    place: Place
    token: int
    attempts: int


@dataclass(frozen=True)
class Expired:
    """A lease that ran out with an attempt open: it may have arrived."""

    outbox_id: int
    token: int
    channel: str
    kind: Kind
    attempts: int


@dataclass(frozen=True)
class Unfinished:
    """Something that should have ended by now: opaque id, state, since when."""

    what: Literal["inbox", "outbox", "timer", "escalation", "spool"]
    id: str
    state: str
    since: datetime


@dataclass(frozen=True)
class Health:
    """Counts for the health page; never anybody's words."""

    database: bool
    spooled: int
    turns_running: int
    brain_down_since: datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)
