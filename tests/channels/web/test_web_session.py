"""Who may read and write which conversation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from bot.errors import BadSetting, StartupError
from tests.channels.web.conftest import browser_of
from tests.channels.web.fakes import KEY, FakeDoor, make_app, settings, words

MESSAGE = {"client_id": "message-1", "text": "hello"}


async def cookies_of(app: Starlette, path: str, url: str = "https://chat.example.org") -> list[str]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=url) as client:
        return (await client.get(path)).headers.get_list("set-cookie")


def https_app(door: FakeDoor, **more: Any) -> Starlette:
    return make_app(door, public_url="https://chat.example.org", secure_cookies=True, **more)


async def test_the_cookie_over_https(door: FakeDoor) -> None:
    (cookie,) = await cookies_of(https_app(door), "/")
    assert cookie.startswith("__Host-nightlight=")
    assert set(cookie.split("; ")[1:]) == {"Path=/", "Max-Age=2592000", "HttpOnly", "Secure", "SameSite=Lax"}


async def test_the_cookie_in_a_frame(door: FakeDoor) -> None:
    (cookie,) = await cookies_of(https_app(door), "/embed")
    assert cookie.startswith("__Host-nightlight-embed=")
    assert {"Secure", "SameSite=None", "Partitioned", "HttpOnly"} <= set(cookie.split("; "))


async def test_the_door_never_sees_the_token(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await web.post("/api/chat/messages", json=MESSAGE)
    assert door.received[0].address not in web.cookies["nightlight"]
    assert len(door.received[0].address) == 64


@pytest.mark.parametrize("made_up", ["", "a" * 91, "A" * 95, "x", "../../etc", "é"])
async def test_a_token_we_did_not_seal_opens_nothing(app: Starlette, made_up: str) -> None:
    async with browser_of(app) as client:
        answer = await client.get("/api/chat/history", headers={b"cookie": f"nightlight={made_up}".encode()})
    assert answer.status_code == 401


async def test_a_changed_token_opens_nothing(app: Starlette, web: httpx.AsyncClient) -> None:
    token = web.cookies["nightlight"]
    async with browser_of(app) as client:
        for place in range(0, len(token), 7):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            answer = await client.get("/api/chat/history", headers={"cookie": f"nightlight={changed}"})
            assert answer.status_code == 401


@pytest.mark.parametrize("name", ["session", "session_id", "sender_id", "address", "id"])
async def test_nothing_else_picks_a_history(app: Starlette, web: httpx.AsyncClient, door: FakeDoor, name: str) -> None:
    await web.post("/api/chat/messages", json=MESSAGE)
    address = door.received[0].address
    async with browser_of(app) as other:
        await other.get("/")
        answer = await other.get("/api/chat/history", params={name: address}, headers={f"x-{name}": address})
        assert answer.json() == {"lines": []}


async def test_a_session_ends_when_nobody_comes_back(web: httpx.AsyncClient, clock: HandClock) -> None:
    clock.move(timedelta(days=29))
    assert (await web.get("/api/chat/history")).status_code == 200
    await web.get("/")
    clock.move(timedelta(days=29))
    assert (await web.get("/api/chat/history")).status_code == 200
    clock.move(timedelta(days=2))
    assert (await web.get("/api/chat/history")).status_code == 401


async def test_keys_rotate(web: httpx.AsyncClient, door: FakeDoor, clock: HandClock) -> None:
    async def status(*keys: bytes) -> int:
        async with browser_of(make_app(door, clock, session_keys=keys)) as client:
            return (await client.get("/api/chat/history", headers={"cookie": cookie})).status_code

    cookie = f"nightlight={web.cookies['nightlight']}"
    assert await status(b"n" * 32, KEY) == 200
    assert await status(b"n" * 32) == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 202),
        ({"origin": "http://testserver"}, 202),
        ({}, 202),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"content-type": "text/plain"}, 403),
    ],
)
async def test_only_our_own_page_may_change_something(
    app: Starlette, web: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", cookies=web.cookies) as client:
        answer = await client.post("/api/chat/messages", json=MESSAGE, headers=headers)
    assert answer.status_code == status


async def test_nothing_changes_by_get(web: httpx.AsyncClient, app: Starlette, door: FakeDoor) -> None:
    for path in ("/api/chat/messages", "/api/chat/seen", "/api/chat/region", "/api/chat/erase", "/chat", "/erase"):
        assert (await web.get(path)).status_code in {404, 405}
    assert door.received == []


@pytest.mark.parametrize("path", ["/", "/about", "/embed", "/nowhere", "/health", "/api/chat/history", "/openapi.json"])
async def test_every_answer_is_hardened(door: FakeDoor, path: str) -> None:
    app = https_app(door, allowed_embed_origins=("https://www.example.org",))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://chat.example.org") as client:
        headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    ancestors = "https://www.example.org" if path == "/embed" else "'none'"
    assert policy.endswith(f"frame-ancestors {ancestors}")
    assert ("x-frame-options" in headers) is (path != "/embed")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "permissions-policy" in headers


@pytest.mark.parametrize(
    "changes",
    [
        {"session_keys": ()},
        {"session_keys": (b"short",)},
        {"allowed_embed_origins": ("*",)},
        {"allowed_embed_origins": ("https://a.example/path",)},
        {"allowed_embed_origins": ("https://a.example; script-src *",)},
        {"public_url": "chat.example.org"},
        {"secure_cookies": True},
    ],
)
def test_settings_that_would_be_unsafe_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadSetting):
        settings(**changes)


def test_missing_words_are_found_at_start(door: FakeDoor) -> None:
    from bot.channels.web.words import Words

    some = {key: text for key, text in words().items() if key != "lost"}
    with pytest.raises(StartupError, match="lost"):
        Words(some)
