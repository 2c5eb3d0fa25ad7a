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

from bot.conversation.storage import StoreDown
from bot.store.base import Again
from bot.store.work import Unit

Work = Callable[[Unit], Any]
MOST_TOGETHER = 64
TRIES = 5


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

    def _run_one(self, connection: Connection, work: Work) -> tuple[Any, Exception | None]:
        outcome = self._in_savepoint(connection, work)
        tries = 1
        while isinstance(outcome[1], Again) and tries < TRIES:
            outcome = self._in_savepoint(connection, work)
            tries += 1
        return outcome

    def _in_savepoint(self, connection: Connection, work: Work) -> tuple[Any, Exception | None]:
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            outcome: tuple[Any, Exception | None] = (work(Unit(connection)), None)
        except Exception as error:  # noqa: BLE001 - it is the caller's, and is handed to them
            outcome = (None, error)
            # Fails when a full disk ended the whole transaction; then nobody in it may be told "kept".
            connection.exec_driver_sql("ROLLBACK TO unit")
        connection.exec_driver_sql("RELEASE unit")
        return outcome


def _answer(future: Future[Any], result: Any, problem: BaseException | None) -> None:
    if problem is None:
        future.set_result(result)
    else:
        future.set_exception(problem)
