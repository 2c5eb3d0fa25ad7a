"""The tables: one row per fact, unique where a second one would be harm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.types import Json, Moment, Words

BIG = BigInteger().with_variant(Integer, "sqlite")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def some(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the few rows that still matter."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Words, datetime: Moment, dict[str, Any]: Json, list[Any]: Json, int: BIG}  # noqa: RUF012


class PersonRow(Base):
    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str | None]
    region: Mapped[str]
    zone: Mapped[str | None]
    language: Mapped[str | None]
    created_at: Mapped[datetime]
    erase_after: Mapped[datetime | None]
    __table_args__ = (some("ix_person_husk", "erase_after", where="erase_after IS NOT NULL"),)


class HandleRow(Base):
    __tablename__ = "handle"
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"), index=True)


class TalkRow(Base):
    """One conversation per person; its lease decides who may take the next turn."""

    __tablename__ = "conversation"
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"), primary_key=True)
    state: Mapped[dict[str, Any] | None]
    state_version: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    safety_kind: Mapped[str | None]
    safety_at: Mapped[datetime | None]


class InboxRow(Base):
    """What came in. A message is known by where it came from and the id its sender gave it."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"))
    channel: Mapped[str]
    address: Mapped[str]
    provider_id: Mapped[str]
    origin: Mapped[str]
    text: Mapped[str]
    payload: Mapped[str | None]
    chosen: Mapped[str | None]
    received_at: Mapped[datetime]
    safety_kind: Mapped[str]
    safety_level: Mapped[str]
    safety_because: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(server_default="new")
    outcome: Mapped[str | None]
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    answered_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        # Per address, because web ids are made by the browser: nobody can use up another person's id.
        Index("uq_inbox_message", "channel", "address", "provider_id", "origin", unique=True),
        Index("ix_inbox_person", "person_id", "id"),
        some("ix_inbox_new", "person_id", "id", where="status = 'new'"),
        {"sqlite_autoincrement": True},
    )


class OutboxRow(Base):
    """What goes out: queued, leased, handed, delivered, failed or unknown."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"))
    channel: Mapped[str]
    address: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[int]
    text: Mapped[str]
    choice_key: Mapped[str | None]
    choices: Mapped[list[Any] | None]
    source: Mapped[str | None]
    in_reply_to: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="queued")
    token: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    created_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_outbox_place", "channel", "address", "id"),
        Index("ix_outbox_person", "person_id"),
        some("ix_outbox_offered", "person_id", "id", where="choices IS NOT NULL"),
        some("ix_outbox_due", "channel", "address", "priority", "id", where="state IN ('queued', 'leased')"),
        some("ix_outbox_reply", "in_reply_to", where="kind = 'urgent'"),
        some("ix_outbox_provider", "channel", "provider_id", where="provider_id IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )


class AttemptRow(Base):
    """One try to send, written down before the provider is called."""

    __tablename__ = "send_attempt"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    token: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    __table_args__ = ({"sqlite_autoincrement": True},)


class EscalationRow(Base):
    """Somebody must look: open until a named human closes it. Outlives an erased person without naming them."""

    __tablename__ = "escalation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str | None] = mapped_column(String(32), index=True)
    kind: Mapped[str]
    level: Mapped[str]
    because: Mapped[list[Any]]
    cause: Mapped[int | None]
    opened_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="open")
    __table_args__ = (
        some("uq_escalation_open", "person_id", "kind", where="status <> 'closed'", unique=True),
        {"sqlite_autoincrement": True},
    )


class TimerRow(Base):
    __tablename__ = "timer"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"), index=True)
    channel: Mapped[str]
    address: Mapped[str]
    key: Mapped[str]
    due_at: Mapped[datetime]
    payload: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="waiting")
    __table_args__ = (
        some("uq_timer_waiting", "person_id", "key", where="status = 'waiting'", unique=True),
        some("ix_timer_due", "due_at", where="status = 'waiting'"),
        {"sqlite_autoincrement": True},
    )


class FeedbackRow(Base):
    """Whether guidance helped, without who said so."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic: Mapped[str]
    helpful: Mapped[bool]
    at: Mapped[datetime]
