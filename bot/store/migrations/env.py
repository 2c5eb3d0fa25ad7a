"""Alembic's entry: runs on the connection that `migrate` holds."""

from __future__ import annotations

from alembic import context

from bot.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
