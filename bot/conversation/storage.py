"""What the durable path asks of a store; `bot.store` answers.

One call of `write` is one transaction: when it returns, everything in it is on the disk; when it raises,
nothing of it is. The work it carries runs outside the event loop and may be run again from the start,
so it touches nothing but the unit it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from bot.conversation.model import Line, Outgoing
from bot.conversation.records import (
    DueTimer,
    Expired,
    NewInbound,
    NewOutgoing,
    NewTimer,
    OfferedMeaning,
    Opened,
    Parcel,
    Place,
    Reading,
    Seen,
    Talk,
    Unfinished,
    Waiting,
)
from bot.errors import NightlightError
from bot.people.model import Person

T = TypeVar("T")
SendState = Literal["queued", "handed", "failed", "unknown"]


class StoreDown(NightlightError):
    """The database cannot be reached or cannot write; nothing of this transaction was kept."""


class LeaseLost(NightlightError):
    """Somebody else holds this conversation or message now; nothing of this transaction was kept."""


class PeopleRows(Protocol):
    def talk_at(self, place: Place) -> Talk | None:
        """The conversation with whoever is reached there, locked until this transaction ends."""

    def talk_of(self, person_id: str) -> Talk | None: ...

    def add_person(self, person: Person, place: Place, at: datetime) -> Talk:
        """A new person with this handle. If another process was faster, the whole unit is run again."""

    def change_person(self, person_id: str, parts: Mapping[str, str]) -> None: ...

    def keep_person(self, person_id: str) -> None:
        """They wrote again: a husk that was to be removed stays."""

    def lease_talk(self, person_id: str, token: int, until: datetime) -> None: ...

    def renew_talks(self, held: Sequence[tuple[str, int]], until: datetime) -> None: ...

    def release_talk(self, person_id: str, token: int) -> None: ...

    def note_safety(self, person_id: str, seen: Seen, at: datetime) -> None: ...

    def note_notice(self, person_id: str, token: int, at: datetime) -> None:
        """Raises LeaseLost when the token is not the conversation's any more."""

    def save_state(self, person_id: str, token: int, state: Mapping[str, Any]) -> None:
        """Raises LeaseLost when the token is not the conversation's any more."""

    def check_token(self, person_id: str, token: int) -> None:
        """Raises LeaseLost when the token is not the conversation's any more."""

    def erase_person(self, person_id: str) -> None: ...

    def begin_again(self, old_id: str, fresh: Person, taken: Waiting, at: datetime, erase_after: datetime) -> None:
        """Erase a person; messages they wrote since go to `fresh`, who remembers only that `taken` was taken."""

    def husks(self, now: datetime, limit: int) -> list[str]: ...

    def erase_husk(self, person_id: str) -> None:
        """Unless they wrote again meanwhile."""


class InboxRows(Protocol):
    def add_inbound(self, new: NewInbound) -> int | None:
        """The new row's id, or None when this message is already there."""

    def inbound_id(self, place: Place, provider_id: str) -> int | None: ...

    def recent_words(self, person_id: str, since: datetime, limit: int = 8) -> list[str]:
        """Their words, oldest first, after the last message that was answered at once."""

    def next_waiting(self, person_id: str) -> Waiting | None: ...

    def close_inbound(
        self, message_id: int, outcome: str, at: datetime, intent: str | None = None, confidence: float | None = None
    ) -> bool:
        """Answered or closed; False when it was no longer waiting."""

    def count_attempt(self, message_id: int) -> None: ...

    def people_waiting(self, now: datetime, limit: int) -> list[str]:
        """People with a message that waits and a conversation nobody holds."""

    def is_waiting(self, place: Place) -> bool: ...

    def lines(self, place: Place, limit: int) -> list[Line]: ...


class OutboxRows(Protocol):
    def add_outgoing(self, new: NewOutgoing, choice_key: str | None) -> Outgoing: ...

    def urgent_words(self, message_id: int) -> tuple[Outgoing, ...]: ...

    def outgoing_since(self, place: Place, after_id: int, limit: int = 200) -> list[Outgoing]: ...

    def last_offered(self, person_id: str) -> tuple[OfferedMeaning, ...]: ...

    def offered(self, person_id: str, choice_id: str) -> OfferedMeaning | None: ...

    def mark_handed(self, ids: Sequence[int], at: datetime) -> None: ...

    def mark_seen(self, place: Place, up_to_id: int, at: datetime) -> None: ...

    def claim_due(self, channel: str, now: datetime, until: datetime, limit: int) -> list[Parcel]:
        """Rows due on a push channel, leased, each with an open attempt; the first of each address only."""

    def settle(
        self,
        outbox_id: int,
        token: int,
        state: SendState,
        at: datetime,
        *,
        outcome: str = "",
        provider_id: str | None = None,
        not_before: datetime | None = None,
    ) -> bool:
        """End an attempt; False, with nothing changed, when the token is old."""

    def expired_leases(self, now: datetime, limit: int) -> list[Expired]: ...

    def confirm_delivery(self, channel: str, provider_id: str, delivered: bool, at: datetime) -> bool:
        """A provider's later word about a message it took."""


class CareRows(Protocol):
    def open_escalation(self, person_id: str, seen: Seen, message_id: int | None, at: datetime) -> bool:
        """True when a new one was opened; an open one of the same kind is kept, at the higher level."""

    def note_feedback(self, topic: str, helpful: bool, at: datetime) -> None: ...

    def set_timer(self, new: NewTimer) -> int:
        """Arm a timer; one of this person with the same key is replaced."""

    def cancel_timer(self, person_id: str, key: str) -> None: ...

    def due_timers(self, now: datetime, limit: int) -> list[DueTimer]: ...

    def fire_timer(self, timer_id: int) -> bool:
        """False when it was fired or cancelled meanwhile."""

    def postpone_timer(self, waiting: Waiting, due_at: datetime) -> None:
        """Take a fired timer back out of the inbox and arm it again, unless it was replaced meanwhile."""

    def unfinished(self, before: datetime, limit: int) -> list[Unfinished]: ...

    def counts(self) -> dict[str, int]: ...


class AccountRows(Protocol):
    def reading(self, message_id: int) -> Reading | None: ...

    def opened(self, place: Place) -> list[Opened]: ...

    def region_at(self, place: Place) -> str | None: ...

    def next_timer_at(self) -> datetime | None: ...

    def silent_since(self, before: datetime, limit: int) -> list[str]:
        """People who have not written since `before`, and for whom no timer waits."""

    def is_silent(self, person_id: str, before: datetime) -> bool: ...


class UnitOfWork(PeopleRows, InboxRows, OutboxRows, CareRows, AccountRows, Protocol):
    """All that one transaction can read and change."""


class Store(Protocol):
    """Where everything is kept."""

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run one transaction; durable when this returns.

        Raises:
            StoreDown: The database cannot write, or did not in time (it may then still be kept, or not).
        """

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look without changing anything. Raises StoreDown."""

    @property
    def is_shared(self) -> bool:
        """True when other processes may write to the same database."""
