"""What must not happen: a barrier for anybody, a script in somebody's words, a page that stays when one must leave."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.web.streams import Streams
from tests.browser.conftest import Site, complaints_of, listener, website
from tests.channels.web.fakes import FakeDoor, Said
from tests.channels.web.serving import free_port, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WEIGHT = 40_000
STILL = """Promise.all(
    document.getAnimations().filter(a => a.effect.getTiming().iterations === 1).map(a => a.finished)
)"""
XSS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "</script><script>window.hit=1</script>",
    "javascript:window.hit=1",
    "{{7*7}}{% raw %}${7*7}",
    "**<b onmouseover=window.hit=1>bold</b>**",
    'https://example.org/"onclick=window.hit=1',
    "<!--<noscript></noscript><style>*{display:none}</style>",
    "\u202egnirts esrever\u2066",
)


async def talk(page: Page, url: str, text: str = "my friend isn't breathing") -> None:
    await page.goto(url)
    await page.fill("#text", text)
    await page.click(".send")
    await expect(page.locator(".choices").last).to_be_visible()


async def problems(page: Page) -> list[str]:
    await page.evaluate(STILL)
    found = await Axe().run(page, options=RULES)
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_axe_finds_nothing(site: Site, browser: Browser, width: int, scheme: str) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(site.url)
    assert await problems(page) == []
    await talk(page, site.url)
    await page.get_by_role("button", name="Reach someone").click()
    await expect(page.locator(".choices")).to_have_count(2)
    assert await problems(page) == []
    if width == 320:
        await page.click("#about-link")
        assert await problems(page) == []
    for path in ("/about", "/nowhere", "/embed"):
        await page.goto(site.url + path)
        assert await problems(page) == []
    await context.close()


@pytest.mark.parametrize("size", ["100%", "200%"])
async def test_nothing_needs_sideways_scrolling(site: Site, browser: Browser, size: str) -> None:
    context = await browser.new_context(viewport={"width": 320, "height": 568}, bypass_csp=True)
    page = await context.new_page()
    await talk(page, site.url, "w" * 200)
    await page.add_style_tag(content=f"html {{ font-size: {size} }}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate("document.getElementById('log').scrollWidth") <= 320
    for name in ("#call", "#leave", "#text", ".send"):
        await expect(page.locator(name)).to_be_in_viewport(ratio=0.99)
    await context.close()


@pytest.mark.parametrize("size", [(320, 568), (568, 320), (390, 844), (568, 200)])
async def test_the_number_stays_in_view_in_a_long_conversation(site: Site, page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(site.url)
    for count in range(1, 4):
        await page.fill("#text", "he isn't breathing")
        await page.keyboard.press("Enter")
        await expect(page.locator(".choices")).to_have_count(count)
    for name in ("#call", "#leave"):
        await expect(page.locator(name)).to_be_in_viewport(ratio=0.99)
    if size[1] > 300:
        await expect(page.locator("#text")).to_be_in_viewport(ratio=0.99)
        assert await page.evaluate("document.scrollingElement.scrollHeight - innerHeight") <= 0


async def test_everything_to_press_is_24_pixels_or_more(site: Site, page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 568})
    await talk(page, site.url)
    sizes = await page.evaluate(
        "[...document.querySelectorAll('button, nav a, textarea, select, summary')].filter(n => n.offsetParent)"
        ".map(n => [n.textContent, n.offsetWidth, n.offsetHeight])"
    )
    assert [size for size in sizes if min(size[1:]) < 24] == []


@pytest.mark.parametrize("text", XSS)
async def test_words_are_words(browser: Browser, text: str) -> None:
    def echo(said: str) -> list[Said]:
        return [(said, (said[:60], "b"), said)]

    with website(FakeDoor(script=echo), free_port()) as site:
        context = await browser.new_context()
        page = await context.new_page()
        complaints = complaints_of(page)
        await talk(page, site.url, text)
        for _ in range(2):
            shown = await page.locator(".mine .words").first.text_content()
            assert shown == text
            assert await page.locator(".source").first.text_content() == text
            assert await page.locator(".choices button").first.text_content() == text[:60]
            assert await page.evaluate("window.hit") is None
            assert await page.locator(".words :is(script, img, svg, b, style)").count() == 0
            await page.reload()
        assert complaints == []
        await context.close()


@pytest.mark.parametrize("way", ["button", "shift"])
async def test_leaving_fast(site: Site, page: Page, way: str) -> None:
    await page.goto(f"{site.url}/openapi.json")
    await talk(page, site.url)
    before = await page.evaluate("history.length")
    if way == "button":
        await page.click("#leave")
    else:
        await page.locator("#text").focus()
        for _ in range(3):
            await page.keyboard.press("Shift")
    await page.wait_for_url("**/health")
    assert await page.evaluate("history.length") == before
    await page.go_back()
    assert page.url.endswith("/openapi.json")


async def test_nothing_is_left_in_the_browser_but_the_cookie(site: Site, page: Page, context: BrowserContext) -> None:
    await talk(page, site.url)
    assert await page.title() == "Chat"
    assert await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert [(cookie["name"], cookie["httpOnly"]) for cookie in await context.cookies()] == [("nightlight", True)]


async def test_erasing_leaves_nothing(site: Site, page: Page) -> None:
    await talk(page, site.url, "something private")
    await page.click("#about-link")
    await page.click("summary")
    await page.click("text=Yes, erase it now")
    await expect(page.locator("#state")).to_contain_text("Everything in this chat is erased.")
    assert await page.locator(".line").count() == 0
    assert not any(person.lines for person in site.door.people.values())


async def test_choosing_a_country_changes_the_number(site: Site, page: Page) -> None:
    await page.goto(site.url)
    await page.click("#about-link")
    await page.select_option("#country", "GB")
    await page.click("text=Save")
    await expect(page.locator("#call")).to_have_text("Call 999")
    await expect(page.locator("#region-said")).to_have_text("Saved. The emergency number here is 999.")
    await page.reload()
    await expect(page.locator("#call")).to_have_attribute("href", "tel:999")


@contextmanager
def another_site(body: str, port: int) -> Iterator[str]:
    async def home(request: Request) -> Response:
        return HTMLResponse(f"<!doctype html><title>Another site</title><h1>Another site</h1>{body}")

    with running(Starlette(routes=[Route("/", home)]), Streams(), port):
        yield f"http://127.0.0.1:{port}"


async def test_the_widget_on_an_allowed_site(page: Page) -> None:
    port, other = free_port(), free_port()
    allowed = (f"http://127.0.0.1:{other}",)
    with (
        website(FakeDoor(script=listener), port, allowed_embed_origins=allowed) as site,
        another_site(f'<script src="{site.url}/widget.js" defer></script>', other) as url,
    ):
        await page.goto(url)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        frame = page.frame_locator("iframe")
        await frame.locator("#text").fill("hello from a frame")
        await frame.locator(".send").click()
        await expect(frame.locator(".choices")).to_be_visible()
        await frame.locator("#text").press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()
        await page.get_by_role("button", name="Chat").click()
        for _ in range(3):
            await frame.locator("#text").press("Shift")
        await page.wait_for_url("**/health")


@pytest.mark.parametrize("path", ["/", "/embed", "/about"])
async def test_a_foreign_site_may_not_frame_us(site: Site, page: Page, path: str) -> None:
    with another_site(f'<iframe src="{site.url}{path}"></iframe>', free_port()) as url:
        await page.goto(url)
        frame = page.frames[1]
        await page.wait_for_timeout(300)
        assert frame.url.startswith("chrome-error:")
        assert await frame.locator("#text").count() == 0


async def test_the_page_is_light(site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    sizes: dict[str, int] = {}
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    urls: dict[str, str] = {}

    def begun(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        sizes[urls[event["requestId"]]] = event["encodedDataLength"]

    devtools.on("Network.responseReceived", begun)
    devtools.on("Network.loadingFinished", loaded)
    await page.goto(site.url, wait_until="load")
    await expect(page.locator("#text")).to_be_visible()
    total = sum(sizes.values())
    with capsys.disabled():
        sys.stdout.write(f"\npage weight: {total / 1000:.1f} kB in {len(sizes)} requests\n")
    assert total < WEIGHT
    assert all(url.startswith(site.url) for url in sizes)
    await context.close()
