"""The store that the app uses: SQLite with one writer, or PostgreSQL with a small pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.conversation.storage import StoreDown, UnitOfWork
from bot.store.base import Again
from bot.store.work import Unit
from bot.store.writer import Writer

T = TypeVar("T")
TRIES = 5
# Anything else that the database says is about this one unit, and would be said again: it goes to the caller.
_AWAY = (TimeoutError, NoConnection, OperationalError, InterfaceError, InternalError)
_ONCE_MORE = ("40001", "40P01", "23505")  # serialisation, deadlock, two made the same row at once


class Database:
    """Implements `bot.conversation.storage.Store`; made by wiring, closed at the end.

    Args:
        engine: From `open_engine`, its tables brought up to date by `migrate`.
        timeout_s: How long one transaction may take before the caller is told StoreDown.
        readers: Threads for looking; on PostgreSQL as many again for writing.
    """

    def __init__(self, engine: Engine, *, timeout_s: float = 5.0, readers: int = 3) -> None:
        self._engine = engine
        self._timeout = timeout_s
        self._readers = ThreadPoolExecutor(readers, "store-reader")
        self._one_writer = None if self.is_shared else Writer(engine)
        self._writers = ThreadPoolExecutor(readers + 1, "store-writer") if self.is_shared else None

    @property
    def is_shared(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._one_writer is not None:
            return cast(T, await self._wait(self._one_writer.submit(work)))
        if self._writers is None:
            raise StoreDown
        return cast(T, await self._wait(self._writers.submit(self._transaction, work)))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return cast(T, await self._wait(self._readers.submit(self._look, work)))

    async def _wait(self, future: Future[Any]) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(future)
        except _AWAY as error:
            raise StoreDown from error

    def _look(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self._engine.connect().execution_options(reads=True) as connection:
            unit = Unit(connection)
            unit.locks = False
            return work(unit)

    def _transaction(self, work: Callable[[UnitOfWork], Any]) -> Any:
        for tries_left in reversed(range(TRIES)):
            try:
                with self._engine.begin() as connection:
                    return work(Unit(connection))
            except (Again, DBAPIError) as error:
                if not tries_left or not _may_run_again(error):
                    raise
        raise StoreDown

    def close(self) -> None:
        """Finish what is under way and let the database go."""
        if self._one_writer is not None:
            self._one_writer.close()
        for pool in (self._readers, self._writers):
            if pool is not None:
                pool.shutdown(wait=True)
        self._engine.dispose()


def _may_run_again(error: Exception) -> bool:
    if isinstance(error, Again):
        return True
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    # A connection that was cut while idle says so before anything was sent; the unit repeats by unique keys anyway.
    return state in _ONCE_MORE or (isinstance(error, OperationalError) and error.connection_invalidated)
