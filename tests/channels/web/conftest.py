"""A website in this process: no socket, a browser's headers, a clock moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from tests.channels.web.fakes import FakeDoor, make_app

OURS = {"sec-fetch-site": "same-origin"}


def browser_of(app: Starlette, **headers: str) -> httpx.AsyncClient:
    """A browser with its own cookies, on our own page."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers={**OURS, **headers})


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 3, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def door(clock: HandClock) -> FakeDoor:
    return FakeDoor(clock=clock)


@pytest.fixture
def app(door: FakeDoor, clock: HandClock) -> Starlette:
    return make_app(door, clock)


@pytest.fixture
async def web(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has opened the page."""
    async with browser_of(app) as client:
        assert (await client.get("/")).status_code == 200
        yield client
