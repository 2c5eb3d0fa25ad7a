"""The values of the durable path: what came in, what goes out.

Who calls it: channels build `Inbound` and show `Outgoing`; the store keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Inbound:
    """One message as a channel read it.

    Attributes:
        channel: "web", "telegram", "sms", "terminal".
        address: The channel's own name for the person (a session id, a chat id, a phone number).
        provider_id: The channel's id of this message; the same id is taken once, for ever.
        text: The person's words, whole and unchanged ("" when a choice was pressed).
        choice_id: The id of an offered choice that was pressed, if one was.
        received_at: When we got it, aware UTC.
        region_hint: A region guessed by the channel; the person's own word wins.
    """

    channel: str
    address: str
    provider_id: str
    text: str
    received_at: datetime
    choice_id: str | None = None
    region_hint: str | None = None


@dataclass(frozen=True)
class OfferedChoice:
    """A choice as the person sees it. The id is ours; its meaning never leaves our side."""

    id: str
    title: str


Kind = Literal["urgent", "reply", "notice"]


@dataclass(frozen=True)
class Outgoing:
    """One message to a person, as the outbox keeps it. `id` grows; a client may show each id once.

    kind: "urgent" (the safety screen's words), "reply" (the brain's answer), "notice" (ours, when something is down).
    """

    id: int
    kind: Kind
    text: str
    choices: tuple[OfferedChoice, ...]
    source: str | None
    at: datetime
    in_reply_to: int | None


@dataclass(frozen=True)
class Line:
    """One line of a conversation as both sides saw it, for history; `outgoing` is None for the person's own words."""

    at: datetime
    text: str
    outgoing: Outgoing | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of a message: where it is kept, and the words that must be shown at once.

    `urgent` holds the safety words (also in the outbox when the database is up, under the same ids; ids are
    negative when they could not be stored).
    """

    kept_in: Literal["inbox", "spool"]
    repeated: bool
    message_id: int | None
    urgent: tuple[Outgoing, ...]
