"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """A partial index, in both dialects."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _person()
    _handle()
    _conversation()
    _inbox()
    _outbox()
    _send_attempt()
    _escalation()
    _timer()
    _feedback()


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_after", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_husk", "person", ["erase_after"], unique=False, **where("erase_after IS NOT NULL"))


def _handle() -> None:
    op.create_table(
        "handle",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handle_person_id")),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_handle")),
    )
    op.create_index(op.f("ix_handle_person_id"), "handle", ["person_id"], unique=False)


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("state_version", BIG, server_default="0", nullable=False),
        sa.Column("lease_token", BIG, server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("safety_kind", sa.Text(), nullable=True),
        sa.Column("safety_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversation")),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safety_kind", sa.Text(), nullable=False),
        sa.Column("safety_level", sa.Text(), nullable=False),
        sa.Column("safety_because", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="new", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_new", "inbox", ["person_id", "id"], unique=False, **where("status = 'new'"))
    op.create_index("ix_inbox_person", "inbox", ["person_id", "id"], unique=False)
    op.create_index("uq_inbox_message", "inbox", ["channel", "address", "provider_id", "origin"], unique=True)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choice_key", sa.Text(), nullable=True),
        sa.Column("choices", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("in_reply_to", BIG, nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("token", BIG, server_default="0", nullable=False),
        sa.Column("attempts", BIG, server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["channel", "address", "priority", "id"],
        unique=False,
        **where("state IN ('queued', 'leased')"),
    )
    op.create_index("ix_outbox_offered", "outbox", ["person_id", "id"], unique=False, **where("choices IS NOT NULL"))
    op.create_index("ix_outbox_person", "outbox", ["person_id"], unique=False)
    op.create_index("ix_outbox_place", "outbox", ["channel", "address", "id"], unique=False)
    op.create_index(
        "ix_outbox_provider", "outbox", ["channel", "provider_id"], unique=False, **where("provider_id IS NOT NULL")
    )
    op.create_index("ix_outbox_reply", "outbox", ["in_reply_to"], unique=False, **where("kind = 'urgent'"))


def _send_attempt() -> None:
    op.create_table(
        "send_attempt",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("outbox_id", BIG, nullable=False),
        sa.Column("token", BIG, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_send_attempt_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_send_attempt_outbox_id"), "send_attempt", ["outbox_id"], unique=False)


def _escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("cause", BIG, nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_escalation_person_id"), "escalation", ["person_id"], unique=False)
    op.create_index(
        "uq_escalation_open", "escalation", ["person_id", "kind"], unique=True, **where("status <> 'closed'")
    )


def _timer() -> None:
    op.create_table(
        "timer",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_timer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timer_due", "timer", ["due_at"], unique=False, **where("status = 'waiting'"))
    op.create_index(op.f("ix_timer_person_id"), "timer", ["person_id"], unique=False)
    op.create_index("uq_timer_waiting", "timer", ["person_id", "key"], unique=True, **where("status = 'waiting'"))


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )


def downgrade() -> None:
    for table in (
        "feedback",
        "timer",
        "escalation",
        "send_attempt",
        "outbox",
        "inbox",
        "conversation",
        "handle",
        "person",
    ):
        op.drop_table(table)
