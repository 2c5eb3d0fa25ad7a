"""A message is kept once, screened first, and answered once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BadRequest
from bot.turns import Reply
from tests.conversation.house import FALLBACK, house


async def test_a_message_is_kept_and_answered(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        receipt = await at.send("hello", "m1")
        await at.idle()
        assert (receipt.kept_in, receipt.repeated, receipt.urgent) == ("inbox", False, ())
        assert await at.said() == ["heard hello"]


async def test_a_repeat_is_acknowledged_and_goes_no_further(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        receipts = await asyncio.gather(*(at.send("hello", "m1") for _ in range(10)))
        await at.idle()
        late = await at.send("hello", "m1")
        await at.idle()
        assert sum(not receipt.repeated for receipt in receipts) == 1
        assert late.repeated
        assert {receipt.message_id for receipt in (*receipts, late)} == {receipts[0].message_id}
        assert await at.said() == ["heard hello"]


async def test_the_same_id_from_another_person_is_another_message(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.send("one", "m1", who="ann")
        await at.send("two", "m1", who="bob")
        await at.idle()
        assert (await at.said("ann"), await at.said("bob")) == (["heard one"], ["heard two"])


async def test_first_words_go_out_before_the_brain_is_asked(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        receipt = await at.send("he is not breathing", "m1", region_hint="us")
        words = await at.said()
        assert words == ["first words overdose_now US"]
        assert [out.text for out in receipt.urgent] == words
        assert receipt.urgent[0].id > 0
        assert at.escalated == 1
        at.brain.gate.set()
        await at.idle()
        context = at.brain.asked[0].context
        assert (context.safety_kind, context.safety_level, context.answered_by_safety) == (
            "overdose_now",
            "danger",
            True,
        )


async def test_a_repeat_of_a_crisis_returns_the_same_words_and_opens_no_second_case(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        first = await at.send("not breathing", "m1")
        again = await at.send("not breathing", "m1")
        other = await at.send("still not breathing", "m2")
        await at.idle()
        assert again.repeated
        assert again.urgent == first.urgent
        assert other.urgent[0].id > first.urgent[0].id
        assert at.escalated == 1
        assert (await at.service.health()).counts["escalations.open"] == 1


async def test_a_second_kind_of_danger_has_its_own_case(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path, default_region="US", default_zone="America/New_York") as at:
        receipt = await at.send("I am 14 and he hurts me", "m1")
        await at.idle()
        assert [out.text for out in receipt.urgent] == ["first words harm_from_others US"]
        assert (await at.service.health()).counts["escalations.open"] == 2
        assert at.brain.asked[0].context.now == "2026-03-01T07:00:00-05:00"


async def test_concern_has_no_first_words(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        receipt = await at.send("I used again", "m1")
        await at.idle()
        assert receipt.urgent == ()
        assert at.brain.asked[0].context.safety_level == "concern"
        assert not at.brain.asked[0].context.answered_by_safety


async def test_a_broken_screen_counts_as_a_possible_crisis(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.screen.broken = True
        receipt = await at.send("anything", "m1")
        assert [out.text for out in receipt.urgent] == ["first words unreadable INT"]


@pytest.mark.parametrize("words", [lambda *_: [], lambda *_: 1 / 0])
async def test_broken_content_does_not_keep_first_words_back(url: str, tmp_path: Path, words: object) -> None:
    async with house(url, tmp_path, first_words=words) as at:
        receipt = await at.send("not breathing", "m1")
        assert [out.text for out in receipt.urgent] == [FALLBACK.text]


async def test_words_split_over_two_messages_are_read_together(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.send("he is not", "m1")
        at.clock.move(timedelta(seconds=90))
        assert (await at.send("breathing", "m2")).urgent
        at.clock.move(timedelta(seconds=121))
        assert not (await at.send("breathing", "m3")).urgent


async def test_danger_that_was_answered_does_not_colour_the_next_words(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.send("he is not", "m1")
        assert (await at.send("breathing", "m2")).urgent
        assert not (await at.send("ok", "m3")).urgent
        assert (await at.send("breathing", "m2")).urgent
        async with house(url, tmp_path / "other", clock=at.clock, seed=8) as other:
            assert not (await other.send("thanks", "m4")).urgent


async def test_words_read_by_another_process_count_too(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.send("he is not", "m1")
        await at.idle()
        async with house(url, tmp_path / "other", clock=at.clock, seed=8) as other:
            assert (await other.send("breathing", "m2")).urgent


@pytest.mark.parametrize(
    "text",
    ["x" * 4097, "a\x00b\x00", "\x1a0000", "\ud83d lone", "\U0001f49c\u200d\U0001f525", "naïve\r\n\t", "%s{}';--"],
)
async def test_text_is_kept_whole(url: str, tmp_path: Path, text: str) -> None:
    async with house(url, tmp_path) as at:
        await at.send(text, "m1\x00")
        await at.idle()
        assert (await at.send(text, "m1\x00")).repeated
        assert [line.text for line in await at.service.history("web", "ann")] == [text, f"heard {text}"]
        assert at.brain.heard == [text]


async def test_long_ids_are_kept_apart_and_long_addresses_refused(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        first = await at.send("one", "x" * 5000)
        other = await at.send("two", "x" * 4999 + "y")
        again = await at.send("one", "x" * 5000)
        assert (first.repeated, other.repeated, again.repeated) == (False, False, True)
        with pytest.raises(BadRequest):
            await at.send("three", "m3", who="a" * 5000)


async def test_the_persons_own_region_wins(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.service.set_region("web", "ann", "de")
        receipt = await at.send("not breathing", "m1", region_hint="US")
        assert receipt.urgent[0].text == "first words overdose_now DE"
        await at.service.set_region("web", "ann", "not a region")
        await at.idle()
        assert at.brain.asked[0].context.region == "DE"


async def test_the_same_danger_minutes_later_gets_one_short_line(url: str, tmp_path: Path) -> None:
    def shortly(kind: str, who: str, region: str, channel: str, at: datetime) -> list[Reply]:
        return [Reply(f"again {kind}")]

    async with house(url, tmp_path, words_again=shortly) as at:
        first = await at.send("not breathing", "m1")
        at.clock.move(timedelta(minutes=2))
        second = await at.send("still not breathing", "m2")
        at.clock.move(timedelta(minutes=30))
        third = await at.send("not breathing", "m3")
        said = [[reply.text for reply in receipt.urgent] for receipt in (first, second, third)]
        assert said == [["first words overdose_now INT"], ["again overdose_now"], ["first words overdose_now INT"]]
