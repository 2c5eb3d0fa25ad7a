"""Server-sent events, over a real server on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from bot.channels.web.streams import STREAMS_A_SESSION, Streams
from tests.channels.web.conftest import OURS
from tests.channels.web.fakes import FakeDoor, make_app
from tests.channels.web.serving import free_port, running

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture
def fast_door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def url(fast_door: FakeDoor) -> Iterator[str]:
    app = make_app(fast_door, heartbeat_s=0.05)
    with running(app, app.state.streams, free_port()) as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def web(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, headers=OURS, timeout=10, trust_env=False) as client:
        await client.get("/")
        yield client


async def events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Each event as {"event", "id", "data"}; a sign of life as {"comment"}."""
    found: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        if not line:
            if found:
                yield found
            found = {}
        elif line.startswith(":"):
            found["comment"] = line
        else:
            name, _, value = line.partition(": ")
            found[name] = value


async def say(web: httpx.AsyncClient, text: str) -> None:
    answer = await web.post("/api/chat/messages", json={"client_id": f"id-{abs(hash(text))}", "text": text})
    assert answer.status_code == 202


async def first(answer: httpx.Response, event: str, count: int = 1) -> list[dict[str, Any]]:
    found = []
    async for one in events(answer):
        if one.get("event") == event:
            found.append(one)
            if len(found) == count:
                break
    return found


async def test_an_answer_arrives_with_its_id(web: httpx.AsyncClient) -> None:
    async with web.stream("GET", "/api/chat/events") as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        await say(web, "hello")
        (event,) = await first(answer, "message")
    data = json.loads(event["data"])
    assert (event["id"], data["id"], data["text"]) == ("1", 1, "You said: hello")


@pytest.mark.parametrize(
    ("query", "headers", "ids"),
    [
        ("", {}, ["1", "2", "3"]),
        ("?after=1", {}, ["2", "3"]),
        ("", {"last-event-id": "2"}, ["3"]),
        ("?after=1", {"last-event-id": "2"}, ["3"]),
        ("?after=-7", {}, ["1", "2", "3"]),
    ],
)
async def test_what_was_missed_is_replayed(
    web: httpx.AsyncClient, query: str, headers: dict[str, str], ids: list[str]
) -> None:
    for text in ("one", "two", "three"):
        await say(web, text)
    async with web.stream("GET", f"/api/chat/events{query}", headers=headers) as answer:
        assert [event["id"] for event in await first(answer, "message", len(ids))] == ids


async def test_typing_and_a_sign_of_life(web: httpx.AsyncClient, fast_door: FakeDoor) -> None:
    fast_door.is_held = True
    async with web.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        assert await anext(stream) == {"retry": "2000"}
        assert (await anext(stream))["event"] == "region"
        assert await anext(stream) == {"comment": ": here"}
        await say(web, "hello")
        async for event in stream:
            if event.get("event") == "typing":
                assert json.loads(event["data"]) == {"on": True}
                break


async def test_another_person_hears_nothing(web: httpx.AsyncClient, url: str) -> None:
    async with httpx.AsyncClient(base_url=url, headers=OURS, trust_env=False) as other:
        await other.get("/")
        async with other.stream("GET", "/api/chat/events") as answer:
            await say(web, "hello")
            stream = events(answer)
            heard = [await anext(stream) for _ in range(5)]
    assert [event["event"] for event in heard if "data" in event] == ["region"]


async def test_streams_end_cleanly_when_the_server_stops() -> None:
    app = make_app(FakeDoor())
    ended = asyncio.Event()

    async def listen(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
            await client.get("/")
            async with client.stream("GET", "/api/chat/events") as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("retry"):
                        ended.set()

    with running(app, app.state.streams, free_port()) as (port, _):
        listening = asyncio.create_task(listen(f"http://127.0.0.1:{port}"))
        await ended.wait()
    await listening


async def test_erasing_ends_the_stream(web: httpx.AsyncClient) -> None:
    async with web.stream("GET", "/api/chat/events") as answer:
        stream = events(answer)
        assert [(await anext(stream)).get("event") for _ in range(2)] == [None, "region"]
        await web.post("/api/chat/erase", json={})
        assert [event async for event in stream if "data" in event] == []


async def test_a_stream_ends_after_its_time(fast_door: FakeDoor) -> None:
    app = make_app(fast_door, heartbeat_s=0.05, stream_s=0.0)
    with running(app, app.state.streams, free_port()) as (port, _):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await client.get("/")
            assert (await client.get("/api/chat/events")).text == "retry: 2000\n\n"


async def test_a_door_that_fails_ends_the_stream(web: httpx.AsyncClient, fast_door: FakeDoor) -> None:
    async def broken(channel: str, address: str, after_id: int, timeout_s: float) -> Any:
        raise RuntimeError("the store is gone")

    fast_door.wait_for_replies = broken  # type: ignore[method-assign]
    async with web.stream("GET", "/api/chat/events") as answer:
        with pytest.raises(httpx.RemoteProtocolError):
            await answer.aread()


def test_a_session_with_too_many_streams_loses_its_oldest() -> None:
    from contextlib import ExitStack

    streams = Streams()
    with ExitStack() as stack:
        held = [stack.enter_context(streams.open("a")) for _ in range(STREAMS_A_SESSION + 1)]
        assert [stream.closed for stream in held] == [True] + [False] * STREAMS_A_SESSION
