"""Real databases for tests: a new SQLite file each time, and a PostgreSQL database of our own if there is a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from bot.store.engine import open_engine
from bot.store.migrate import migrate
from bot.store.tables import Base

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


def postgres_for_a_session() -> Iterator[str | None]:
    """The address of a fresh database, dropped at the end; None when no server answers."""
    server = _plain(os.environ.get("NIGHTLIGHT_TEST_DATABASE_URL", LOCAL))
    name = f"nightlight_test_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        yield None
        return
    yield f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address(kind: str, folder: Path, postgres: str | None) -> str:
    """A database with empty tables."""
    if kind == "postgres":
        if postgres is None:
            pytest.skip(
                "no PostgreSQL: set NIGHTLIGHT_TEST_DATABASE_URL, or run one on 127.0.0.1:5432 for user postgres"
            )
        url = postgres
    else:
        url = f"sqlite:///{folder / 'nightlight.db'}"
    engine = open_engine(url)
    migrate(engine)
    empty(engine)
    engine.dispose()
    return url


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@contextmanager
def ascii_database(postgres: str | None) -> Iterator[str]:
    """A database on the same server whose text is not Unicode."""
    if postgres is None:
        pytest.skip("no PostgreSQL")
    name = f"nightlight_ascii_{secrets.token_hex(4)}"
    with psycopg.connect(_plain(postgres), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
        try:
            yield f"{postgres.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _plain(url: str) -> str:
    """The address as the driver itself wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://")
