"""A person talks: by keyboard alone, on a bad line, without JavaScript, in danger."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, website
from tests.channels.web.fakes import FakeDoor
from tests.channels.web.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_by_keyboard_alone(site: Site, page: Page) -> None:
    await page.goto(site.url)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await page.keyboard.type("i feel so out of control")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="Talk it through")
    await expect(choice).to_be_visible()
    for _ in range(12):
        await page.keyboard.press("Shift+Tab")
        if await choice.evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .words").last).to_have_text("Talk it through")
    used = page.locator(".choices").first.locator("button")
    await expect(used.first).to_have_attribute("aria-disabled", "true")
    await expect(used.first).to_have_attribute("aria-label", "Talk it through, picked")
    await expect(page.locator(".choices")).to_have_count(2)
    assert [message.choice_id is not None for message in site.door.received] == [False, True]


async def test_bold_is_bold_and_the_source_is_small(site: Site, page: Page) -> None:
    await page.goto(site.url)
    await page.fill("#text", "hello")
    await page.click(".send")
    await expect(page.locator(".told strong")).to_have_text("One step:")
    await expect(page.locator(".source")).to_have_text("from the article")


async def test_typing_shows_while_the_answer_is_made(site: Site, page: Page) -> None:
    site.settle(is_held=True)
    await page.goto(site.url)
    await page.fill("#text", "hello")
    await page.click(".send")
    await expect(page.locator("#typing")).to_have_text("Writing an answer")
    site.release()
    await expect(page.locator(".told").first).to_be_visible()
    await expect(page.locator("#typing")).to_have_text("")


async def test_urgent_words_are_announced_and_shown_once(site: Site, page: Page) -> None:
    await page.goto(site.url)
    await page.fill("#text", "my friend isn't breathing")
    await page.click(".send")
    await expect(page.locator("#alarm")).to_contain_text("Call 911 now.")
    await expect(page.locator(".choices")).to_be_visible()
    await expect(page.locator(".urgent")).to_have_count(1)
    assert await page.locator(".urgent a").get_attribute("href") == "tel:911"


async def test_urgent_words_show_although_nothing_could_be_stored(site: Site, page: Page) -> None:
    site.settle(is_broken=True)
    await page.goto(site.url)
    await page.fill("#text", "my friend isn't breathing")
    await page.click(".send")
    await expect(page.locator(".urgent")).to_have_count(1)
    await expect(page.locator(".fate")).to_have_text("Not sent yet")
    site.settle(is_broken=False)
    await expect(page.locator(".told.reply").first).to_be_visible(timeout=15_000)
    await expect(page.locator(".fate")).to_have_count(0)
    assert len(site.door.received) == 1


async def test_a_lost_connection_loses_no_word(site: Site, page: Page, context: BrowserContext) -> None:
    await page.goto(site.url)
    await context.set_offline(True)
    await page.fill("#text", "are you there")
    await page.click(".send")
    await expect(page.locator("#state")).to_have_text("Connection lost. Your words are safe; trying again.")
    await context.set_offline(False)
    await expect(page.locator(".told .words").first).to_have_text("I hear you: are you there", timeout=20_000)
    assert [message.text for message in site.door.received] == ["are you there"]


async def test_an_answer_missed_while_the_server_was_away_arrives(page: Page) -> None:
    door = FakeDoor(is_held=True)
    with website(door, free_port()) as first:
        await page.goto(first.url)
        await page.fill("#text", "hello")
        await page.click(".send")
        await expect(page.locator("#typing")).to_have_text("Writing an answer")
    for address in list(door.people):
        door.release(address)
    with website(door, first.port):
        await expect(page.locator(".told .words")).to_have_text("You said: hello", timeout=20_000)
    await expect(page.locator(".told")).to_have_count(1)


async def test_the_conversation_is_there_after_a_reload(site: Site, page: Page) -> None:
    await page.goto(site.url)
    await page.fill("#text", "hello")
    await page.click(".send")
    await expect(page.locator(".told")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".told")).to_have_count(2)
    await page.get_by_role("button", name="Reach someone").click()
    await expect(page.locator(".told")).to_have_count(4)


async def test_the_number_follows_a_country_told_in_the_chat(site: Site, page: Page, context: BrowserContext) -> None:
    other = await context.new_page()
    for opened in (page, other):
        await opened.goto(site.url)
        await expect(opened.locator("#call")).to_have_attribute("href", "tel:911")
    await page.fill("#text", "im in ireland")
    await page.keyboard.press("Enter")
    for opened in (page, other):
        await expect(opened.locator("#call")).to_have_attribute("href", "tel:112")
        await expect(opened.locator("#call")).to_have_text("Call 112")
        await expect(opened.locator("#call")).to_have_attribute("aria-label", "Emergency: call 112")
        await expect(opened.locator("#danger")).to_have_attribute("href", "tel:112")
        await expect(opened.locator("#danger")).to_contain_text("Call 112 or 999.")
        await expect(opened.locator("#state")).to_have_text("The emergency number on this page is now 112 or 999.")
        await expect(opened.locator("#country")).to_have_value("IE")
    await page.fill("#text", "im somewhere else")
    await page.keyboard.press("Enter")
    await expect(page.locator("#call")).to_have_text("Call the local emergency number")
    assert await page.locator("#call[href], #call[aria-label], #danger[href]").count() == 0
    await page.fill("#text", "a draft that must stay")
    await page.click("#about-link")
    await page.select_option("#country", "GB")
    await page.click("text=Save")
    await expect(other.locator("#call")).to_have_attribute("href", "tel:999")
    await expect(page.locator("#call")).to_have_attribute("href", "tel:999")
    await expect(page.locator("#text")).to_have_value("a draft that must stay")


async def test_after_three_hours_it_says_again_that_it_is_a_program(site: Site, page: Page) -> None:
    await page.clock.install()
    await page.goto(site.url)
    await page.fill("#text", "hello")
    await page.click(".send")
    await expect(page.locator(".told")).to_have_count(2)
    await page.clock.fast_forward("03:01:00")
    await expect(page.locator(".reminder")).to_have_text("You're talking with a computer program, not a person.")


async def test_plain_forms_do_without_javascript(site: Site, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    page = await context.new_page()
    await page.goto(site.url)
    await page.fill("#text", "i used again")
    await page.click(".send")
    said = ["I hear you: i used again", "One step: both feet on the floor."]
    await expect(page.locator(".told .words")).to_have_text(said)
    await page.click("text=Reach someone")
    await expect(page.locator(".mine .words").last).to_have_text("Reach someone")
    await expect(page.locator(".choices").first.locator("button").first).to_be_disabled()
    await page.click("#about-link")
    await page.select_option("#country", "GB")
    await page.click("text=Save")
    await expect(page.locator("#call")).to_have_attribute("href", "tel:999")
    await context.close()


async def test_no_javascript_and_a_slow_answer(site: Site, browser: Browser) -> None:
    site.settle(is_held=True)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(site.url)
    await page.fill("#text", "hello")
    await page.click(".send")
    await expect(page.locator(".reminder")).to_contain_text("The answer is on its way.")
    site.release()
    await page.click("text=Show the answer")
    await expect(page.locator(".told")).to_have_count(2)
    await context.close()
