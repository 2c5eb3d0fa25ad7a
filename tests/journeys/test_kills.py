"""kill -9 in the middle of conversations: every message is answered exactly once, none is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.journeys.conftest import App, Visitor

pytestmark = [pytest.mark.rasa, pytest.mark.slow]

PEOPLE = 200
WORDS = ("i feel out of control", "i cant sleep", "how often do people relapse", "stopped going to meetings")
DONE_S = 180.0


def all_answered(app: App, count: int) -> bool:
    return app.rows("SELECT count(*) FROM inbox WHERE status = 'answered'") == [(count,)]


def wait_until_answered(app: App, count: int) -> None:
    until = time.monotonic() + DONE_S
    while not all_answered(app, count):
        assert time.monotonic() < until, app.rows("SELECT status, outcome, count(*) FROM inbox GROUP BY 1, 2")
        time.sleep(0.2)


def answers_per_message(app: App) -> Counter[int]:
    """How many turns' worth of replies each message got: these sentences get exactly one reply each."""
    rows = app.rows("SELECT in_reply_to, count(*) FROM outbox WHERE kind = 'reply' GROUP BY 1")
    return Counter(count for _, count in rows)


def test_the_brain_is_killed_during_two_hundred_conversations(app: App) -> None:
    visitors = [app.visitor() for _ in range(PEOPLE)]
    stop = threading.Event()

    def killer() -> None:
        while not stop.wait(6):
            app.kill_brain()

    thread = threading.Thread(target=killer)
    thread.start()
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda pair: pair[1].send(WORDS[pair[0] % 4]).status_code, enumerate(visitors)))
    app.kill_brain()
    stop.set()
    thread.join()
    assert set(codes) == {202}
    wait_until_answered(app, PEOPLE)
    assert answers_per_message(app) == {1: PEOPLE}
    assert app.rows("SELECT count(*) FROM inbox") == [(PEOPLE,)]


def send_until_kept(visitor: Visitor, text: str, client_id: str) -> None:
    """As the page does: the same id again until the server says that it has it."""
    until = time.monotonic() + DONE_S
    while time.monotonic() < until:
        try:
            if visitor.send(text, client_id).status_code == 202:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("never kept")


def test_the_app_is_killed_and_started_again_during_a_hundred_conversations(app: App) -> None:
    people = 100
    visitors = [app.visitor() for _ in range(people)]
    for visitor in visitors:  # the session cookie is given with the first answer of the server
        visitor.post("/api/chat/region", json={"region": "US"})
    with ThreadPoolExecutor(16) as pool:
        sending = [
            pool.submit(send_until_kept, visitor, WORDS[number % 4], f"visitor-kill-{number:04d}")
            for number, visitor in enumerate(visitors)
        ]
        for _ in range(2):
            time.sleep(1.0)
            app.kill()
            app.start()
        for done in sending:
            done.result()
    wait_until_answered(app, people)
    assert answers_per_message(app) == {1: people}


def test_with_the_brain_gone_danger_is_answered_and_the_rest_gets_an_honest_notice_then_its_answer(app: App) -> None:
    visitor = app.visitor()
    app.kill_brain()
    assert visitor.send("i want to kill myself").json()["replies"]
    seen = len(visitor.ours())
    app.kill_brain()
    visitor.send("i cant sleep")
    app.wait_for_brain()
    visitor.wait_for_answer(seen)
    wait_until_answered(app, 2)
