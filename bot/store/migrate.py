"""Bring the tables to the shape this version needs; safe to call at every start, by several processes."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.errors import BadDatabase

_LOCK = 7_226_114


def migrate(engine: Engine) -> None:
    """Run every migration that has not run yet, all in one transaction.

    Raises:
        BadDatabase: The tables cannot be made or changed.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise BadDatabase(f"The tables cannot be brought up to date: {error.orig}") from error
