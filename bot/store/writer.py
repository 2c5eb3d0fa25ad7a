"""SQLite has one writer, so we have one thread for it, and the units that wait share one commit.

A disk takes milliseconds to promise that something is kept. While it does, other units queue up; the next
commit carries all of them, each in its own savepoint, so that one that goes wrong takes nobody with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.conversation.storage import StoreDown
from bot.store.base import Again
from bot.store.work import Unit

Work = Callable[[Unit], Any]
Outcome = tuple["Future[Any]", Any, BaseException | None]
MOST_TOGETHER = 64


class Writer:
    """Runs units of work one after another and answers each once the commit that holds it is on the disk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> Future[Any]:
        future: Future[Any] = Future()
        self._waiting.put((work, future))
        return future

    def close(self) -> None:
        """Finish what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, ended = self._gather(first)
            self._commit_together(batch)
            if ended:
                return

    def _gather(self, first: tuple[Work, Future[Any]]) -> tuple[list[tuple[Work, Future[Any]]], bool]:
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
            if more is None:
                return batch, True
            batch.append(more)
        return batch, False

    def _commit_together(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        live = [(work, future) for work, future in batch if future.set_running_or_notify_cancel()]
        try:
            with self._engine.connect() as connection, connection.begin():
                outcomes = [(future, *self._run_one(connection, work)) for work, future in live]
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing was kept and each caller must hear it
            down = StoreDown()
            down.__cause__ = error
            outcomes = [(future, None, down) for _, future in live]
        for future, result, problem in outcomes:
            _answer(future, result, problem)

    def _run_one(self, connection: Connection, work: Work) -> tuple[Any, BaseException | None]:
        try:
            return _in_savepoint(connection, work), None
        except DBAPIError:
            raise  # a full disk may have ended the whole transaction: nobody in it can be told "kept"
        except Exception as error:  # noqa: BLE001 - it is the caller's, and is handed to them
            return None, error


def _in_savepoint(connection: Connection, work: Work, tries: int = 5) -> Any:
    while True:
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            result = work(Unit(connection))
        except BaseException as error:
            connection.exec_driver_sql("ROLLBACK TO unit")
            connection.exec_driver_sql("RELEASE unit")
            tries -= 1
            if not isinstance(error, Again) or not tries:
                raise
        else:
            connection.exec_driver_sql("RELEASE unit")
            return result


def _answer(future: Future[Any], result: Any, problem: BaseException | None) -> None:
    if problem is None:
        future.set_result(result)
    else:
        future.set_exception(problem)
