"""What a transaction promises, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import IntegrityError

from bot.conversation.records import Place, Seen
from bot.conversation.storage import StoreDown, UnitOfWork
from bot.errors import BadDatabase
from bot.people.model import Person
from bot.store.database import Database
from bot.store.engine import check_durability, open_engine
from bot.store.migrate import migrate
from bot.store.tables import Base
from tests.store.databases import ascii_database

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def note(topic: str = "t"):  # type: ignore[no-untyped-def]
    return lambda work: work.note_feedback(topic, True, NOW)


def feedback(engine: Engine) -> int:
    with engine.connect().execution_options(reads=True) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM feedback").scalar_one())


async def test_what_write_returned_another_connection_sees(database: Database, engine: Engine) -> None:
    await asyncio.gather(*(database.write(note()) for _ in range(100)))
    assert feedback(engine) == 100


async def test_a_unit_that_fails_takes_nobody_with_it(database: Database, engine: Engine) -> None:
    def fails(work: UnitOfWork) -> None:
        work.note_feedback("no", True, NOW)
        raise KeyError("mine")

    units = [fails if number % 3 == 0 else note() for number in range(30)]
    results = await asyncio.gather(*(database.write(unit) for unit in units), return_exceptions=True)
    assert [isinstance(result, KeyError) for result in results] == [number % 3 == 0 for number in range(30)]
    assert feedback(engine) == 20


async def test_a_broken_rule_is_the_callers_and_no_outage(database: Database, engine: Engine) -> None:
    def twice(work: UnitOfWork) -> None:
        work.add_person(Person("p"), Place("web", "a"), NOW)
        work.add_person(Person("p"), Place("web", "b"), NOW)

    broken, fine = await asyncio.gather(database.write(twice), database.write(note()), return_exceptions=True)
    assert isinstance(broken, IntegrityError)
    assert fine is None
    assert await database.read(lambda work: work.talk_at(Place("web", "a"))) is None


async def test_two_who_meet_the_same_new_person_agree(database: Database) -> None:
    def meet(person_id: str):  # type: ignore[no-untyped-def]
        def work(unit: UnitOfWork) -> str:
            talk = unit.talk_at(Place("web", "a")) or unit.add_person(Person(person_id), Place("web", "a"), NOW)
            return talk.person.id

        return work

    assert len(set(await asyncio.gather(*(database.write(meet(f"p{n}")) for n in range(20))))) == 1


async def test_moments_and_seen_come_back(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.add_person(Person("p", name="\x00"), Place("web", "a"), NOW)
        unit.lease_talk("p", 3, NOW)

    await database.write(work)
    talk = await database.read(lambda unit: unit.talk_of("p"))
    assert talk is not None
    assert (talk.lease_until, talk.token, talk.person.name) == (NOW, 3, "\x00")


async def test_a_higher_level_is_kept_in_the_open_case(database: Database, engine: Engine) -> None:
    def work(unit: UnitOfWork) -> list[bool]:
        unit.add_person(Person("p"), Place("web", "a"), NOW)
        levels = ("urgent", "danger", "concern")
        return [unit.open_escalation("p", Seen("suicide", level), None, NOW) for level in levels]

    assert await database.write(work) == [True, False, False]
    with engine.connect().execution_options(reads=True) as connection:
        assert connection.exec_driver_sql("SELECT level FROM escalation").all() == [("danger",)]


async def test_a_full_disk_tells_everybody_and_comes_back(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def small(driver: object, _: object) -> None:
        driver.execute("PRAGMA max_page_count=80")  # type: ignore[attr-defined]

    engine.dispose()
    database = Database(engine)
    results = await asyncio.gather(*(database.write(note("x" * 20_000)) for _ in range(60)), return_exceptions=True)
    kept = [result for result in results if result is None]
    assert kept != results
    assert all(isinstance(result, StoreDown) for result in results if result is not None)
    assert feedback(engine) == len(kept)
    await database.write(note("small"))
    assert feedback(engine) == len(kept) + 1
    database.close()


async def test_a_locked_database_is_an_outage_not_a_loss(sqlite_url: str) -> None:
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    database = Database(engine, timeout_s=0.2)
    with other.begin():
        with pytest.raises(StoreDown):
            await database.write(note())
        with pytest.raises(StoreDown):
            await database.write(note())
    await asyncio.sleep(0)
    database.close()
    assert feedback(other) <= 2
    other.dispose()


def test_tables_and_migrations_agree(engine: Engine) -> None:
    migrate(engine)
    with engine.connect().execution_options(reads=True) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "not an address", "sqlite:////proc/x"]
)
def test_a_database_that_keeps_nothing_is_refused(url: str) -> None:
    with pytest.raises((BadDatabase, OSError)):
        open_engine(url)


def test_a_server_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadDatabase):
        open_engine("postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.postgres
def test_a_postgres_that_keeps_no_unicode_is_refused(postgres: str | None) -> None:
    plain = ascii_database(postgres)
    with plain as url, pytest.raises(BadDatabase, match="server_encoding"):
        open_engine(url)


def test_less_than_full_durability_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(BadDatabase, match=r"synchronous|journal_mode"):
        check_durability(engine)
    engine.dispose()
