"""What every part of a unit of work stands on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


class Again(Exception):
    """The unit must be run again from its start."""


class Rows:
    """One transaction on one connection.

    The statements that every message needs are built once (`@cache`, with named values): building and
    recognising a statement costs the library several times what the database needs to run it.
    """

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.locks = db.dialect.name == "postgresql"

    def insert(self, table: Any) -> Any:
        """An INSERT that can say what to do when the row is already there."""
        return postgresql.insert(table) if self.locks else sqlite.insert(table)
