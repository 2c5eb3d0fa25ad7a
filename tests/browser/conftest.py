"""Browser tests: the website on a real port of this machine, Chromium in front of it.

`site` runs the web app over the in-memory Door; a suite with a full application can override it and keep the tests.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.channels.web.fakes import FakeDoor, Said, make_app
from tests.channels.web.serving import free_port, running

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
LOOPBACK = ("http://127.0.0.1", "http://localhost")


def listener(text: str) -> list[Said]:
    """What the fake says: two lines, the second with choices and a source."""
    return [
        (f"I hear you: {text}", (), None),
        ("**One step:** both feet on the floor.", ("Talk it through", "Reach someone"), "from the article"),
    ]


@dataclass
class Site:
    """A running website: `url` to open, and the fake behind it."""

    url: str
    door: FakeDoor
    port: int
    loop: asyncio.AbstractEventLoop

    def release(self) -> None:
        """Let the fake give the answers it held back."""
        for address in list(self.door.people):
            self.loop.call_soon_threadsafe(self.door.release, address)

    def settle(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.door, name, value)


@contextmanager
def website(door: FakeDoor, port: int, **changes: Any) -> Iterator[Site]:
    url = f"http://127.0.0.1:{port}"
    app = make_app(door, public_url=url, exit_url=f"{url}/health", **changes)
    with running(app, app.state.streams, port) as (_, loop):
        yield Site(url, door, port, loop)


@pytest.fixture
def site() -> Iterator[Site]:
    """The website over a fresh fake Door."""
    with website(FakeDoor(script=listener), free_port()) as running_site:
        yield running_site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(viewport={"width": 390, "height": 844})
    await made.route(lambda url: not url.startswith(LOOPBACK), lambda route: route.abort())
    yield made
    await made.close()


def complaints_of(page: Page) -> list[str]:
    """What the browser will have complained of: script errors, and what the content security policy stopped."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text and "frame-ancestors" not in message.text:
            found.append(message.text)

    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", note)
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A phone-sized page; complaints of the browser (CSP, script errors) fail the test."""
    opened = await context.new_page()
    complaints = complaints_of(opened)
    yield opened
    assert complaints == []
