"""Open the database, and refuse one that does not keep what it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import BadDatabase

FULL = 2
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "temp_store=MEMORY")


def open_engine(url: str, *, connections: int = 8) -> Engine:
    """An engine for SQLite or PostgreSQL that has shown that a commit is on the disk.

    Raises:
        BadDatabase: Another kind of database, one that cannot be opened, or one that keeps less than it should.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadDatabase(f"The database address cannot be read: {error}") from None
    engine = _sqlite(parsed, connections) if parsed.get_backend_name() == "sqlite" else _postgres(parsed, connections)
    try:
        check_durability(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def check_durability(engine: Engine) -> None:
    """Read back what was asked for. Raises BadDatabase when it is not so."""
    try:
        found = _durability(engine)
    except DBAPIError as error:
        raise BadDatabase(f"The database cannot be opened: {error.orig}") from error
    wanted = {"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1}
    if engine.dialect.name == "postgresql":
        wanted = {"synchronous_commit": "on", "fsync": "on", "server_encoding": "UTF8"}
    wrong = {name: found[name] for name, value in wanted.items() if found[name] != value}
    if wrong:
        raise BadDatabase(f"{BadDatabase.__doc__} Found: {wrong}")


def _durability(engine: Engine) -> dict[str, Any]:
    with engine.connect().execution_options(reads=True) as connection:
        is_postgres = engine.dialect.name == "postgresql"
        names = "synchronous_commit fsync server_encoding" if is_postgres else "journal_mode synchronous foreign_keys"
        ask = "SHOW" if is_postgres else "PRAGMA"
        return {name: connection.exec_driver_sql(f"{ask} {name}").scalar() for name in names.split()}


def _sqlite(url: URL, connections: int) -> Engine:
    if not url.database or url.database == ":memory:":
        raise BadDatabase("A database in memory keeps nothing; name a file.")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(driver: Any, _record: Any) -> None:
    cursor = driver.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer locks at once, so that two of them wait for each other instead of colliding later."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgres(url: URL, connections: int) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise BadDatabase()
    options = "-c synchronous_commit=on -c statement_timeout=5000 -c lock_timeout=4000 -c timezone=UTC"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=False,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 3, "tcp_user_timeout": 5000, "client_encoding": "utf8"},
    )
