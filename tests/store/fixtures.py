"""Databases for tests: SQLite always, PostgreSQL when there is one; for the store and the durable path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.store.database import Database
from bot.store.engine import open_engine
from tests.store.databases import address, postgres_for_a_session


@pytest.fixture(scope="session")
def postgres() -> Iterator[str | None]:
    yield from postgres_for_a_session()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path, postgres: str | None) -> str:
    return address(request.param, tmp_path, postgres)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return address("sqlite", tmp_path, None)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(open_engine(url))
    yield database
    database.close()
