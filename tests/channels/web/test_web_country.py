"""The emergency number is that of the country we keep for the person, however they told it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.clock import HandClock
from tests.channels.web.conftest import OURS, browser_of
from tests.channels.web.fakes import FakeDoor, make_app
from tests.channels.web.serving import free_port, running
from tests.channels.web.test_web_events import events

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
IRISH = {"region": "IE", "emergency": "112 or 999", "dial": "112"}
MESSAGES = "/api/chat/messages"


async def say(web: httpx.AsyncClient, text: str, client_id: str = "message-1") -> httpx.Response:
    return await web.post(MESSAGES, json={"client_id": client_id, "text": text})


async def never(channel: str, address: str) -> str | None:
    await asyncio.Event().wait()
    return None


async def broken(channel: str, address: str) -> str | None:
    raise OSError("disk")


async def test_a_country_told_in_the_chat_is_on_every_page(web: httpx.AsyncClient) -> None:
    await say(web, "im in ireland")
    for path in ("/", "/about", "/nowhere"):
        page = (await web.get(path)).text
        assert 'href="tel:112" aria-label="Emergency: call 112"' in page, path
        assert "911" not in page, path
    assert '<option value="IE" selected>' in (await web.get("/")).text


async def test_a_country_told_by_a_plain_form(web: httpx.AsyncClient) -> None:
    form = {"client_id": "message-1", "text": "im in ireland"}
    page = await web.post("/chat", data=form, follow_redirects=True)
    assert 'href="tel:112"' in page.text


async def test_json_answers_use_it_too(web: httpx.AsyncClient, door: FakeDoor) -> None:
    door.script = lambda text: [("In danger, call 112.", (), None)]
    await say(web, "im in ireland")
    assert (await say(web, "")).json()["emergency"] == "112 or 999"
    assert (await web.get("/api/nothing")).json()["emergency"] == "112 or 999"
    told = (await web.get("/api/chat/history")).json()["lines"][1]["message"]
    assert {"text": "112", "href": "tel:112"} in told["pieces"]
    door.is_broken = True
    answer = (await say(web, "hello", "message-2")).json()
    assert (answer["emergency"], "Call 112 or 999." in answer["error"]) == ("112 or 999", True)


async def test_the_pick_wins_when_it_is_made_and_the_chat_when_it_comes_later(web: httpx.AsyncClient) -> None:
    await say(web, "im in ireland")
    assert (await web.post("/api/chat/region", json={"region": "GB"})).json()["emergency"] == "999"
    assert 'href="tel:999"' in (await web.get("/")).text
    await say(web, "im in ireland", "message-2")
    assert 'href="tel:112"' in (await web.get("/")).text


async def test_the_pick_is_what_a_stranger_to_the_door_gets(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await web.post("/api/chat/region", json={"region": "GB"})
    door.people.clear()
    assert 'href="tel:999"' in (await web.get("/")).text


@pytest.mark.parametrize("failing", [never, broken])
async def test_a_door_that_fails_leaves_the_pick_then_the_default(
    door: FakeDoor, clock: HandClock, failing: Any
) -> None:
    door.region_of = failing  # type: ignore[method-assign]
    async with browser_of(make_app(door, clock, country_wait_s=0.0)) as web:
        for _ in range(2):
            assert 'href="tel:911"' in (await web.get("/")).text
        web.cookies.set("nightlight-place", "GB")
        assert 'href="tel:999"' in (await web.get("/")).text
        assert (await web.get("/api/nothing")).json()["emergency"] == "999"


async def test_a_door_that_falls_silent_leaves_its_last_word(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await say(web, "im in ireland")
    await web.get("/")
    door.region_of = broken  # type: ignore[method-assign]
    assert 'href="tel:112"' in (await web.get("/")).text
    await say(web, "she isn't breathing", "message-2")
    assert door.received[1].region_hint == "IE"


@pytest.mark.parametrize("is_broken", [True, False])
async def test_urgent_words_do_not_wait_for_the_country(door: FakeDoor, clock: HandClock, is_broken: bool) -> None:
    """Were the country waited for, this would last an hour."""
    async with browser_of(make_app(door, clock, country_wait_s=3600.0)) as web, asyncio.timeout(20):
        await web.get("/")
        door.region_of, door.is_broken = never, is_broken  # type: ignore[method-assign]
        answer = await say(web, "she isn't breathing")
        assert answer.json()["replies"][0]["text"].startswith("**Call 911 now.**")
        door.is_broken = True
        page = await web.post("/chat", data={"client_id": "message-2", "text": "she isn't breathing"})
        assert '<a href="tel:911"><strong>911</strong></a>' in page.text


async def test_erasing_forgets_the_country_told_in_the_chat(web: httpx.AsyncClient) -> None:
    await say(web, "im in ireland")
    await web.post("/api/chat/erase", json={})
    assert 'href="tel:911"' in (await web.get("/")).text


# ---- The event stream, over a real server


@pytest.fixture
def live_door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
async def live(live_door: FakeDoor) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(live_door, heartbeat_s=0.05, country_wait_s=3600.0)
    with running(app, app.state.streams, free_port()) as (port, _):
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, headers=OURS, timeout=10, trust_env=False) as client:
            await client.get("/")
            yield client


async def heard(stream: AsyncIterator[dict[str, Any]], count: int) -> list[tuple[str, Any]]:
    """The next events that carry something: (event, its data)."""
    found: list[tuple[str, Any]] = []
    async for one in stream:
        if one.get("event") in {"region", "message"}:
            found.append((one["event"], json.loads(one["data"])))
        if len(found) == count:
            break
    return found


async def test_the_stream_tells_the_country_at_connect_and_when_it_changed(live: httpx.AsyncClient) -> None:
    async with live.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        assert await heard(stream, 1) == [("region", {"region": "US", "emergency": "911", "dial": "911"})]
        await say(live, "hello", "message-1")
        await say(live, "im in ireland", "message-2")
        kinds = [(kind, data.get("text", data)) for kind, data in await heard(stream, 3)]
        assert kinds == [
            ("message", "You said: hello"),
            ("message", "You said: im in ireland"),
            ("region", IRISH),
        ]
        await say(live, "im somewhere else", "message-3")
        _, (_, words_only) = await heard(stream, 2)
        assert words_only == {"region": "XX", "emergency": "the local emergency number", "dial": None}
    async with live.stream("GET", "/api/chat/events?after=3") as answer:
        assert (await heard(events(answer), 1))[0][1]["region"] == "XX"


async def test_replies_are_shown_for_the_new_country(live: httpx.AsyncClient, live_door: FakeDoor) -> None:
    live_door.script = lambda text: [("In danger, call 112.", (), None)]
    async with live.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        await heard(stream, 1)
        await say(live, "im in ireland")
        ((_, told), _) = await heard(stream, 2)
    assert {"text": "112", "href": "tel:112"} in told["pieces"]


async def test_a_pick_on_one_page_reaches_the_others(live: httpx.AsyncClient) -> None:
    async with live.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        await heard(stream, 1)
        await live.post("/api/chat/region", json={"region": "IE"})
        assert await heard(stream, 1) == [("region", IRISH)]


async def test_urgent_words_in_the_stream_do_not_wait_either(live: httpx.AsyncClient, live_door: FakeDoor) -> None:
    live_door.region_of, live_door.is_held = never, True  # type: ignore[method-assign]
    await say(live, "she isn't breathing")
    async with live.stream("GET", "/api/chat/events") as answer:
        ((kind, told),) = await heard(events(answer), 1)
    assert (kind, told["kind"]) == ("message", "urgent")


async def test_a_country_that_cannot_be_read_does_not_end_the_stream(
    live: httpx.AsyncClient, live_door: FakeDoor
) -> None:
    live_door.region_of = broken  # type: ignore[method-assign]
    async with live.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        assert (await heard(stream, 1))[0][1]["region"] == "US"
        await say(live, "hello")
        assert (await heard(stream, 1))[0][1]["text"] == "You said: hello"
