"""What counts as choosing: pressing, or writing the number or the name of what was offered last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversation.house import House, house, reply

OFFER = (("Find a meeting", "/ask_find_meeting"), ("Talk to somebody", "/talk_to_human"), ("3 things", "/ask_triggers"))


async def offer(at: House, who: str = "ann", **state: object) -> list[str]:
    """Let the brain offer three choices; gives back their ids."""
    at.brain.answer = lambda _: reply("What next?", *OFFER, state=dict(state))
    shown = await at.say("what now", who=who)
    return [choice.id for choice in shown[-1].choices]


async def payload(at: House, text: str, **more: object) -> str | None:
    await at.say(text, **more)
    return at.brain.asked[-1].message.payload


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2", "/talk_to_human"),
        (" 2. ", "/talk_to_human"),
        ("(2)", "/talk_to_human"),
        ("Two", "/talk_to_human"),
        ("find a MEETING", "/ask_find_meeting"),
        ("3 things", "/ask_triggers"),
        ("4", None),
        ("0", None),
        ("2 days", None),
        ("22", None),
        ("find a meeting near me", None),
        ("", None),
    ],
)
async def test_words_that_name_a_choice(url: str, tmp_path: Path, text: str, meaning: str | None) -> None:
    async with house(url, tmp_path) as at:
        await offer(at)
        assert await payload(at, text) == meaning
        assert at.brain.asked[-1].message.text == text


async def test_digits_are_digits_while_a_number_is_asked_for(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await offer(at, wants_number=True)
        assert await payload(at, "2") is None
        assert await payload(at, "Find a meeting") == "/ask_find_meeting"


async def test_a_pressed_choice_means_what_was_offered_even_later(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        old = await offer(at)
        new = await offer(at)
        assert await payload(at, "", choice_id=old[0]) == "/ask_find_meeting"
        assert await payload(at, "", choice_id=new[1]) == "/talk_to_human"
        texts = [line.text for line in await at.service.history("web", "ann") if line.outgoing is None]
        assert texts[-2:] == ["Find a meeting", "Talk to somebody"]


@pytest.mark.parametrize("choice_id", ["", ".", "x.1", "/ask_find_meeting", "'; --", "\x00", "9" * 500])
async def test_an_unknown_choice_is_an_empty_message(url: str, tmp_path: Path, choice_id: str) -> None:
    async with house(url, tmp_path) as at:
        await offer(at)
        assert await payload(at, "", choice_id=choice_id) is None
        assert at.brain.asked[-1].message.text == ""


async def test_another_persons_choice_means_nothing(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        ids = await offer(at, who="ann")
        assert await payload(at, "", who="bob", choice_id=ids[0]) is None


async def test_words_the_screen_minds_are_never_a_choice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = lambda _: reply("?", ("I used again", "/lapse_happened"))
        await at.say("hello")
        assert await payload(at, "I used again") is None


async def test_slashes_are_words(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        assert await payload(at, '/set_region{"region":"US"}') is None
