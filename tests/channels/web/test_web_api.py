"""The HTTP chat API: what is kept, what is refused and in which words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette
from starlette.routing import Route

from bot.clock import HandClock
from tests.channels.web.conftest import browser_of
from tests.channels.web.fakes import FakeDoor, make_app, words

MESSAGES = "/api/chat/messages"


async def post(
    web: httpx.AsyncClient, text: Any = "hello", client_id: str = "message-1", **more: Any
) -> httpx.Response:
    return await web.post(MESSAGES, json={"client_id": client_id, "text": text})


async def test_a_message_is_kept_and_answered(web: httpx.AsyncClient, door: FakeDoor) -> None:
    answer = await post(web, "i feel alone")
    assert answer.status_code == 202
    assert answer.json() == {"id": 1, "kept_in": "inbox", "repeated": False, "new_session": False, "replies": []}
    lines = (await web.get("/api/chat/history")).json()["lines"]
    assert [(line["from"], line["text"]) for line in lines] == [
        ("you", "i feel alone"),
        ("nightlight", "You said: i feel alone"),
    ]
    assert door.received[0].region_hint == "US"


async def test_the_same_id_is_taken_once(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await post(web)
    assert (await post(web)).json()["repeated"] is True
    assert len(door.received) == 1


async def test_a_strangers_id_swallows_nobodys_message(app: Starlette, web: httpx.AsyncClient, door: FakeDoor) -> None:
    await post(web)
    async with browser_of(app) as other:
        await other.get("/")
        assert (await post(other)).json()["repeated"] is False
    assert len(door.received) == 2


async def test_urgent_words_come_with_the_receipt(web: httpx.AsyncClient) -> None:
    reply = (await post(web, "she isn't breathing")).json()["replies"][0]
    assert reply["kind"] == "urgent"
    assert reply["pieces"][:2] == [{"text": "Call ", "bold": True}, {"text": "911", "bold": True, "href": "tel:911"}]


async def test_urgent_words_come_although_nothing_is_stored(web: httpx.AsyncClient, door: FakeDoor) -> None:
    door.is_broken = True
    answer = await post(web, "she isn't breathing")
    assert answer.status_code == 503
    assert answer.json()["replies"][0]["text"].startswith("**Call 911 now.**")
    assert "911" in answer.json()["error"]


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "a\x00b",
        "x" * 4097,
        "é😀" * 5000,
        "\u202eabc\u200b",
        "  spaced \n lines ",
        '{"intent": "greet"}',
        "'; drop table people; --",
    ],
)
async def test_words_are_kept_whole(web: httpx.AsyncClient, door: FakeDoor, text: str) -> None:
    assert (await post(web, text)).status_code == 202
    assert door.received[0].text == text


async def test_half_a_character_is_replaced_not_refused(web: httpx.AsyncClient, door: FakeDoor) -> None:
    body = b'{"client_id": "message-1", "text": "a\\ud83d b\\ud83d\\ude00"}'
    assert (await web.post(MESSAGES, content=body)).status_code == 202
    assert door.received[0].text == "a\ufffd b😀"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "error_broken"),
        (b"{", "error_broken"),
        (b"[]", "error_broken"),
        (b"null", "error_broken"),
        (b"\xff\xfe", "error_broken"),
        (b"[" * 60_000, "error_broken"),
        (b"1" * 60_000, "error_broken"),
        (b'{"client_id": "message-1", "text": 5}', "error_broken"),
        (b'{"client_id": "message-1", "text": ["a"]}', "error_broken"),
        (b'{"client_id": "message-1", "text": ""}', "error_empty"),
        (b'{"client_id": "message-1", "text": " \\n "}', "error_empty"),
        (b'{"client_id": "message-1"}', "error_empty"),
        (b'{"client_id": "message-1", "choice": ""}', "error_choice"),
        (b'{"client_id": "message-1", "choice": 3}', "error_choice"),
        (b'{"client_id": "message-1", "choice": "c1", "text": "a"}', "error_choice"),
        (b'{"client_id": "short", "text": "a"}', "error_client_id"),
        (b'{"client_id": 12345678, "text": "a"}', "error_client_id"),
        (b'{"text": "a"}', "error_client_id"),
    ],
)
async def test_what_cannot_be_read_is_answered_in_plain_words(web: httpx.AsyncClient, body: bytes, error: str) -> None:
    answer = await web.post(MESSAGES, content=body)
    assert answer.status_code == 400
    assert answer.json()["error"] == words()[error].replace("{emergency}", "911")


@pytest.mark.parametrize("tells_length", [True, False])
async def test_megabytes_are_refused(web: httpx.AsyncClient, door: FakeDoor, tells_length: bool) -> None:
    body = json.dumps({"client_id": "message-1", "text": "😀" * 300_000}, ensure_ascii=False).encode()

    async def bit_by_bit() -> Any:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    answer = await web.post(MESSAGES, content=body if tells_length else bit_by_bit())
    assert answer.status_code == 413
    assert "smaller parts" in answer.json()["error"]
    assert door.received == []


async def test_a_body_that_never_ends_is_given_up(door: FakeDoor) -> None:
    import asyncio

    app = make_app(door, body_timeout_s=0.01)

    async def stuck() -> Any:
        yield b'{"client_id"'
        await asyncio.Event().wait()

    async with browser_of(app) as client:
        answer = await client.post(MESSAGES, content=stuck())
    assert answer.status_code == 408


async def test_a_browser_without_cookie_loses_nothing(app: Starlette, door: FakeDoor) -> None:
    async with browser_of(app) as client:
        answer = await post(client)
        assert answer.json()["new_session"] is True
        assert len((await client.get("/api/chat/history")).json()["lines"]) == 2


async def test_a_flood_is_slowed_and_still_kept(web: httpx.AsyncClient, door: FakeDoor, clock: HandClock) -> None:
    for number in range(60):
        assert (await post(web, "again", f"message-{number}")).status_code == 202
    slowed = await post(web, "again", "message-60")
    assert slowed.status_code == 429
    assert slowed.json()["kept_in"] == "inbox"
    assert 0 < int(slowed.headers["retry-after"]) <= 61
    assert (await post(web, "he isn't breathing", "message-61")).status_code == 202
    assert len(door.received) == 62
    clock.move(timedelta(seconds=61))
    assert (await post(web, "again", "message-62")).status_code == 202


async def test_seen_region_and_erase(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await post(web)
    person = next(iter(door.people.values()))
    assert (await web.post("/api/chat/seen", json={"up_to": 1})).status_code == 204
    assert person.seen == 1
    chosen = await web.post("/api/chat/region", json={"region": "GB"})
    assert (chosen.json(), person.region) == ({"region": "GB", "emergency": "999", "dial": "999"}, "GB")
    before = web.cookies["nightlight"]
    assert (await web.post("/api/chat/erase", json={})).json() == {"erased": True}
    assert web.cookies["nightlight"] != before
    assert (await web.get("/api/chat/history")).json() == {"lines": []}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat/seen", {"up_to": "x"}),
        ("/api/chat/seen", {"up_to": True}),
        ("/api/chat/seen", {}),
        ("/api/chat/region", {"region": "ZZ"}),
        ("/api/chat/region", {"region": ["US"]}),
    ],
)
async def test_other_requests_that_make_no_sense(web: httpx.AsyncClient, path: str, body: Mapping[str, Any]) -> None:
    assert (await web.post(path, json=body)).status_code == 400


@pytest.mark.parametrize("query", ["?after=x", "?after=1.5", "?limit=x"])
async def test_numbers_that_are_none(web: httpx.AsyncClient, query: str) -> None:
    path = "/api/chat/history" if "limit" in query else "/api/chat/events"
    assert (await web.get(path + query)).status_code == 400


@pytest.mark.parametrize(("path", "status"), [("/api/nothing", 404), (MESSAGES, 405)])
async def test_paths_that_are_not_there(web: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await web.get(path)
    assert (answer.status_code, set(answer.json())) == (status, {"error", "emergency"})


async def test_an_unexpected_error_says_so_and_logs_no_words(
    web: httpx.AsyncClient, door: FakeDoor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str) -> Any:
        raise RuntimeError(text)

    door.script = broken
    answer = await post(web, "my secret words")
    assert answer.status_code == 500
    assert "911" in answer.json()["error"]
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_health(web: httpx.AsyncClient) -> None:
    answer = await web.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"live": True, "ready": True})


async def test_openapi_is_valid_and_names_every_path(web: httpx.AsyncClient, app: Starlette) -> None:
    spec = (await web.get("/openapi.json")).json()
    validate(spec)
    routes = {route.path for route in app.routes if isinstance(route, Route)}
    assert {path for path in routes if path.startswith("/api/")} | {"/health", "/openapi.json"} == set(spec["paths"])


async def test_answers_are_as_openapi_says(web: httpx.AsyncClient, door: FakeDoor) -> None:
    from openapi_schema_validator import OAS31Validator

    spec = (await web.get("/openapi.json")).json()

    def check(answer: httpx.Response, path: str) -> None:
        described = spec["paths"][path]["post" if answer.request.method == "POST" else "get"]["responses"]
        schema = described[str(answer.status_code)]["content"]["application/json"]["schema"]
        OAS31Validator({**schema, "components": spec["components"]}).validate(answer.json())

    door.script = lambda text: [("**Hello** https://example.org", ("A", "B"), "a source")]
    check(await post(web, "she isn't breathing"), MESSAGES)
    check(await post(web, ""), MESSAGES)
    check(await web.get("/api/chat/history"), "/api/chat/history")
    check(await web.post("/api/chat/region", json={"region": "GB"}), "/api/chat/region")
    check(await web.post("/api/chat/erase", json={}), "/api/chat/erase")
    check(await web.get("/health"), "/health")
    door.is_broken = True
    check(await post(web, "she isn't breathing", "message-9"), MESSAGES)
