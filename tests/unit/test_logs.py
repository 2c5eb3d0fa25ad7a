"""Logs cannot carry a person's words, whoever writes them."""

from __future__ import annotations

import logging

import pytest

from bot.logs import NamesOnly, configure, only_allowed


def test_a_key_that_is_not_on_the_list_is_dropped_and_counted() -> None:
    kept = only_allowed(None, "info", {"event": "x", "text": "i want to die", "kind": "suicide"})
    assert kept == {"event": "x", "kind": "suicide", "count": 1}


def test_our_own_logger_says_only_allowed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO").info("kept", person_id="abc", words="canary")
    said = capsys.readouterr().err
    assert "abc" in said
    assert "canary" not in said


def test_a_library_that_quotes_somebody_is_not_repeated() -> None:
    try:
        raise ValueError("canary")
    except ValueError as error:
        record = logging.LogRecord(
            "lib", logging.ERROR, "f.py", 3, "canary %s", ("canary",), (type(error), error, None)
        )
    assert NamesOnly().format(record) == "ERROR lib f:3 ValueError"
