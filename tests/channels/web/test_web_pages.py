"""The page as the server makes it: plain forms, safe text, and a page that opens whatever is down."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from bot.conversation.model import Line
from tests.channels.web.conftest import browser_of
from tests.channels.web.fakes import FakeDoor, Said, make_app

CLIENT_ID = re.compile(r'name="client_id" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')


async def send(web: httpx.AsyncClient, **fields: str) -> httpx.Response:
    page = (await web.get("/")).text
    match = CLIENT_ID.search(page)
    assert match
    return await web.post("/chat", data={"client_id": match.group(1), **fields}, follow_redirects=True)


async def test_a_plain_form_keeps_the_words(web: httpx.AsyncClient, door: FakeDoor) -> None:
    page = await send(web, text="two\r\nlines & more")
    assert door.received[0].text == "two\nlines & more"
    assert "You said: two\nlines &amp; more" in page.text


async def test_pressing_send_twice_keeps_the_words_once(web: httpx.AsyncClient, door: FakeDoor) -> None:
    form = {"client_id": "the-same-id", "text": "hello"}
    for _ in range(2):
        await web.post("/chat", data=form)
    assert len(door.received) == 1


async def test_a_choice_in_a_plain_form(web: httpx.AsyncClient, door: FakeDoor) -> None:
    door.script = lambda text: [("And now?", ("Talk", "Wait"), None)]
    await send(web, text="hello")
    page = await send(web, choice="c1-1")
    assert door.received[1].choice_id == "c1-1"
    buttons = re.findall(r'name="choice" value="([^"]+)"( disabled)?', page.text)
    assert buttons == [("c1-0", " disabled"), ("c1-1", " disabled"), ("c2-0", ""), ("c2-1", "")]


async def test_an_empty_form_is_answered_gently(web: httpx.AsyncClient) -> None:
    page = await send(web, text="  ")
    assert page.status_code == 400
    assert "There are no words in this message yet." in page.text


async def test_a_form_proves_its_page_where_the_browser_hides_the_origin(app: Starlette, door: FakeDoor) -> None:
    async with browser_of(app) as client:
        page = await client.get("/")
        key = KEY.search(page.text)
        assert key
        del client.headers["sec-fetch-site"]
        client.headers["origin"] = "null"
        form = {"client_id": "message-1", "text": "hello"}
        assert (await client.post("/chat", data=form)).status_code == 403
        assert (await client.post("/chat", data={**form, "key": "0" * 32})).status_code == 403
        assert (await client.post("/chat", data={**form, "key": key.group(1)})).status_code == 303
    assert len(door.received) == 1


async def test_without_a_store_the_words_stay_in_the_form(web: httpx.AsyncClient, door: FakeDoor) -> None:
    door.is_broken = True
    page = await send(web, text="he isn't breathing")
    assert page.status_code == 503
    assert '<a href="tel:911"><strong>911</strong></a>' in page.text
    assert ">he isn&#39;t breathing</textarea>" in page.text
    assert "Your words could not be saved." in page.text


async def test_without_cookies_urgent_words_still_show(app: Starlette) -> None:
    async with browser_of(app) as client:
        page = await client.post("/chat", data={"client_id": "message-1", "text": "he isn't breathing"})
    assert page.status_code == 200
    assert "urgent" in page.text
    assert "Your browser blocks the cookie" in page.text


async def test_the_page_opens_when_the_history_cannot_be_read(
    web: httpx.AsyncClient, door: FakeDoor, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(channel: str, address: str, limit: int = 50) -> Any:
        raise OSError("disk")

    door.history = broken  # type: ignore[method-assign]
    page = await web.get("/")
    assert page.status_code == 200
    assert "Your earlier words can&#39;t be shown right now." in page.text


async def test_the_first_visit_says_what_this_is(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    for words in (
        "a computer program, not a person",
        "Nobody reads along",
        "kept until you have not written for 60 days, then deleted",
        "erase",
        'href="tel:911"',
    ):
        assert words in page
    assert "<title>Chat</title>" in page


async def test_it_says_so_again_every_three_hours(web: httpx.AsyncClient, door: FakeDoor, clock: HandClock) -> None:
    for number in range(5):
        clock.move(timedelta(hours=1, minutes=30))
        await web.post("/api/chat/messages", json={"client_id": f"message-{number}", "text": "hello"})
    page = (await web.get("/")).text
    assert page.count('<p class="reminder">') == 2


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"'><b>", "{{ 7 * 7 }}", "</textarea><img src=x>"])
async def test_words_are_never_markup(web: httpx.AsyncClient, door: FakeDoor, text: str) -> None:
    def echo(said: str) -> list[Said]:
        return [(said, (said,), said)]

    door.script = echo
    page = (await send(web, text=text)).text
    assert text not in page.replace("{{ 7 * 7 }}", "") or text == "{{ 7 * 7 }}"
    assert "<b>" not in page
    assert "<img" not in page
    assert page.count("<script") == 2


async def test_region_and_erasing_by_plain_forms(web: httpx.AsyncClient, door: FakeDoor) -> None:
    await send(web, text="hello")
    page = await web.post("/region", data={"region": "GB"}, follow_redirects=True)
    assert 'href="tel:999"' in page.text
    page = await web.post("/erase", data={}, follow_redirects=True)
    assert "Everything in this chat is erased." in page.text
    assert "You said" not in page.text


@pytest.mark.parametrize(
    ("region", "call", "sentence"),
    [
        ("DE", 'href="tel:112" aria-label="Emergency: call 112"', "Call 112 or 110."),
        ("XX", """<a class="call" id="call">Call the local emergency number</a>""", "Call the local emergency number."),
    ],
)
async def test_emergency_numbers_that_are_words(web: httpx.AsyncClient, region: str, call: str, sentence: str) -> None:
    page = (await web.post("/region", data={"region": region}, follow_redirects=True)).text
    assert call in page
    assert sentence in page


async def test_a_page_that_is_not_there(web: httpx.AsyncClient) -> None:
    page = await web.get("/nowhere")
    assert page.status_code == 404
    assert "There is no page here." in page.text
    assert 'href="tel:911"' in page.text


async def test_files_are_named_by_their_content(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        file = await web.get(address)
        assert (file.status_code, file.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert file.headers["content-encoding"] == "gzip"
    assert (await web.get("/static/chat.css?v=old")).headers["cache-control"] == "no-cache"
    for path in ("/static/widget.js", "/static/..%2Fapp.py", "/static/nothing.css"):
        assert (await web.get(path)).status_code == 404


async def test_the_widget_knows_its_place(door: FakeDoor) -> None:
    app = make_app(door, public_url="https://chat.example.org", secure_cookies=True)
    async with browser_of(app) as client:
        script = await client.get("/widget.js")
    assert '"https://chat.example.org/embed"' in script.text
    assert '"SETUP"' not in script.text
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_reminder_stands_before_the_line_that_crosses_three_hours(clock: HandClock) -> None:
    from bot.channels.web.shapes import last_reminded, shown

    lines = [Line(clock.now() + timedelta(hours=hour), "hello") for hour in (0, 2, 3, 5, 7)]
    seen = shown(lines, "911")
    assert [line.remind for line in seen] == [False, False, True, False, True]
    assert last_reminded(seen, clock.now()) == lines[4].at
