"""Making a stock conversation longer: the copies are the turns it had, in order, with times that move on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest

from benchmarks import history


@pytest.fixture
def rows() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, timestamp FLOAT, "
        "intent_name TEXT, action_name TEXT, data TEXT)"
    )
    add(connection, "sam", "session_started", 1.0)
    for turn in range(3):
        add(connection, "sam", "user", 10.0 + turn, f"word {turn}")
        add(connection, "sam", "bot", 10.5 + turn, f"answer {turn}")
    add(connection, "kim", "user", 11.0, "somebody else")
    connection.commit()
    yield connection
    connection.close()


def add(rows: sqlite3.Connection, sender: str, kind: str, at: float, text: str = "") -> None:
    data = json.dumps({"event": kind, "timestamp": at, "text": text})
    rows.execute(
        "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)", (sender, kind, at, data)
    )


def told(rows: sqlite3.Connection, sender: str) -> list[tuple[str, float, str]]:
    found = rows.execute("SELECT type_name, timestamp, data FROM events WHERE sender_id = ? ORDER BY id", (sender,))
    return [(kind, at, json.loads(data)["text"]) for kind, at, data in found]


def test_it_grows_to_the_length_that_was_asked(rows: sqlite3.Connection) -> None:
    history.lengthen(rows, "sam", 50, keep=2)
    assert history.count(rows, "sam") == 50


def test_the_last_turns_come_round_and_round(rows: sqlite3.Connection) -> None:
    history.lengthen(rows, "sam", 6, keep=2)
    words = [text for kind, _, text in told(rows, "sam") if kind == "user"]
    assert words == ["word 0", "word 1", "word 2", "word 1", "word 2", "word 1"]


def test_every_message_keeps_its_answer(rows: sqlite3.Connection) -> None:
    history.lengthen(rows, "sam", 9, keep=3)
    kinds = [kind for kind, _, _ in told(rows, "sam")[1:]]
    assert kinds == ["user", "bot"] * 9


def test_times_never_go_back_and_rows_agree_with_their_data(rows: sqlite3.Connection) -> None:
    history.lengthen(rows, "sam", 20, keep=2)
    times = [at for _, at, _ in told(rows, "sam")]
    assert times == sorted(times)
    found = rows.execute("SELECT timestamp, data FROM events").fetchall()
    assert all(at == json.loads(data)["timestamp"] for at, data in found)


def test_nobody_else_is_touched(rows: sqlite3.Connection) -> None:
    before = told(rows, "kim")
    history.lengthen(rows, "sam", 20, keep=2)
    assert told(rows, "kim") == before


def test_a_conversation_that_is_long_enough_stays_as_it_is(rows: sqlite3.Connection) -> None:
    before = told(rows, "sam")
    history.lengthen(rows, "sam", 2, keep=2)
    assert told(rows, "sam") == before


def test_without_a_table_nothing_was_said() -> None:
    connection = sqlite3.connect(":memory:")
    assert history.count(connection, "sam") == 0
    connection.close()
