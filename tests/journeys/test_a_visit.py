"""One person on the website: the first right answer, danger, odd input, and the next message."""

from __future__ import annotations

import json

import pytest

from tests.journeys.conftest import App, Visitor

pytestmark = [pytest.mark.rasa, pytest.mark.slow]


def test_a_visitor_gets_a_sourced_answer_with_a_step_and_choices(visitor: Visitor) -> None:
    assert visitor.send("i feel so out of control rn").status_code == 202
    (answer,) = visitor.wait_for_answer()
    assert answer["source"]
    assert answer["choices"]
    assert answer["kind"] == "reply"


def test_danger_is_answered_in_the_response_itself_and_only_once(visitor: Visitor, shared_app: App) -> None:
    urgent = visitor.send("my friend wont wake up hes making snoring noises").json()["replies"]
    assert "911" in urgent[0]["text"]
    assert {reply["kind"] for reply in urgent} == {"urgent"}
    opened = shared_app.rows("SELECT kind, level, status FROM escalation ORDER BY id DESC LIMIT 1")
    assert opened == [("overdose_now", "danger", "open")]


ODD = [
    ("a slash is words", "/restart", 202),
    ("an external trigger is words", '/EXTERNAL_craving_due{"a": 1}', 202),
    ("NULs", "help\x00me\x00please", 202),
    ("4,097 characters, danger at the end", "la " * 1360 + " i want to kill myself", 202),
    ("a lone surrogate", "\ud83d hi", 202),
    ("nothing", "", 400),
    ("only blanks", "  \n ", 400),
]


@pytest.mark.parametrize(("what", "text", "status"), ODD, ids=[what for what, _, _ in ODD])
def test_odd_text_loses_nothing_and_the_next_message_is_answered(
    visitor: Visitor, shared_app: App, what: str, text: str, status: int
) -> None:
    body = json.dumps({"client_id": "visitor-odd-0001", "text": text})
    before = shared_app.rows("SELECT count(*) FROM inbox")[0][0]
    response = visitor.post("/api/chat/messages", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    if status == 202:
        assert shared_app.rows("SELECT count(*) FROM inbox") == [(before + 1,)]
        visitor.wait_for_answer()
    seen = len(visitor.ours())
    visitor.send("i cant sleep")
    visitor.wait_for_answer(seen)


def test_a_long_message_is_kept_whole_and_screened_whole(visitor: Visitor, shared_app: App) -> None:
    text = "la " * 1360 + " i want to kill myself"
    assert visitor.send(text).json()["replies"]
    assert shared_app.rows("SELECT length(text) FROM inbox ORDER BY id DESC LIMIT 1") == [(len(text),)]


BAD = [
    ("a body over 64 KB", b'{"client_id": "visitor-bad-00001", "text": "' + b"a" * 70_000 + b'"}', 413),
    ("a megabyte of emoji", json.dumps({"client_id": "visitor-bad-00002", "text": "😀" * 250_000}).encode(), 413),
    ("broken JSON", b'{"client_id": ', 400),
    ("bytes that are not UTF-8", b'{"client_id": "visitor-bad-00003", "text": "\xff\xfe"}', 400),
    ("a list", b"[]", 400),
]


@pytest.mark.parametrize(("what", "body", "status"), BAD, ids=[what for what, _, _ in BAD])
def test_a_bad_request_gets_plain_words_and_the_next_message_is_answered(
    visitor: Visitor, what: str, body: bytes, status: int
) -> None:
    response = visitor.post("/api/chat/messages", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.json()["error"]
    visitor.send("i cant sleep")
    visitor.wait_for_answer()


def test_no_word_of_a_person_reaches_a_log(visitor: Visitor, shared_app: App) -> None:
    for text in ("xylophone i want to die", "xylophone i feel out of control", "/xylophone{", "xylophone 💊"):
        visitor.send(text)
    visitor.wait_for_answer(3)
    assert "xylophone" not in shared_app.log()
    assert "xylophone" not in (shared_app.home / "brain.log").read_text("utf-8", "replace")


def test_ctrl_c_ends_everything_cleanly(app: App) -> None:
    assert app.stop() == 0
    assert "Traceback" not in app.log()
