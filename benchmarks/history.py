"""Makes a conversation in the stock server's database longer, by copying turns that it has really had.

Living through 2,000 turns of stock Rasa takes the better part of an hour, because each is dearer than the one before.
The copies are the same rows that living would have written; only their times move on.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

Row = tuple[str, str, float, str | None, str | None, str]
_COLUMNS = "sender_id, type_name, timestamp, intent_name, action_name, data"
BETWEEN_TURNS_S = 0.001


def opened(database: Path) -> sqlite3.Connection:
    """The tracker store of the stock server, for reading and adding rows."""
    return sqlite3.connect(database, timeout=30)


def count(rows: sqlite3.Connection, sender: str) -> int:
    """How many messages a person has sent."""
    try:
        found = rows.execute("SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'user'", (sender,))
    except sqlite3.OperationalError:
        return 0
    return int(found.fetchone()[0])


def lengthen(rows: sqlite3.Connection, sender: str, messages: int, keep: int) -> None:
    """Copy the last `keep` turns, round and round, until the person has sent `messages` messages."""
    missing = messages - count(rows, sender)
    if missing <= 0:
        return
    turns = _turns(rows, sender)[-keep:]
    last = turns[-1][-1][2]
    with rows:
        for number in range(missing):
            last += BETWEEN_TURNS_S
            copies = [_at(row, last) for row in turns[number % len(turns)]]
            rows.executemany(f"INSERT INTO events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", copies)


def _turns(rows: sqlite3.Connection, sender: str) -> list[list[Row]]:
    """The rows of each turn: from one message to the next."""
    found = rows.execute(f"SELECT {_COLUMNS} FROM events WHERE sender_id = ? ORDER BY id", (sender,)).fetchall()
    turns: list[list[Row]] = []
    for row in found:
        if row[1] == "user":
            turns.append([])
        if turns:
            turns[-1].append(row)
    return turns


def _at(row: Row, moment: float) -> Row:
    data = json.dumps({**json.loads(row[5]), "timestamp": moment})
    return (row[0], row[1], moment, row[3], row[4], data)
