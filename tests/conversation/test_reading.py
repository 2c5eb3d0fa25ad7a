"""What a channel that asks gets to see, and what is noted about it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.conversation.house import house
from tests.conversation.test_erase import rows


def states(url: str) -> Counter[str]:
    return Counter(row.state for row in rows(url).get("outbox", []))


async def test_rows_are_queued_then_handed_then_delivered(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.send("one", "m1")
        await at.idle()
        assert states(url) == {"queued": 1}
        (out,) = await at.service.replies_since("web", "ann", 0)
        await at.idle()
        assert states(url) == {"handed": 1}
        await at.service.mark_seen("web", "bob", out.id)
        await at.idle()
        assert states(url) == {"handed": 1}
        await at.service.mark_seen("web", "ann", out.id)
        await at.idle()
        assert states(url) == {"delivered": 1}
        await at.service.replies_since("web", "ann", 0)
        await at.idle()
        assert states(url) == {"delivered": 1}


async def test_what_was_handed_over_is_noted_when_the_database_is_back(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.say("one")
        await at.service.replies_since("web", "ann", 0)
        at.store.down = True
        await at.service._reader.flush()
        at.store.down = False
        await at.idle()
        assert states(url) == {"handed": 1}


async def test_waiting_ends_with_the_first_answer(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        waiting = asyncio.create_task(at.service.wait_for_replies("web", "ann", 0, 30))
        await asyncio.sleep(0.02)
        await at.send("one", "m1")
        assert [out.text for out in await waiting] == ["heard one"]
        assert await at.service.wait_for_replies("web", "ann", (await waiting)[0].id, 0.01) == []


async def test_waiting_hears_of_rows_from_another_process(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as one, house(url, tmp_path / "two", clock=one.clock, seed=8) as two:
        waiting = asyncio.create_task(one.service.wait_for_replies("web", "ann", 0, 30))
        await asyncio.sleep(0.02)
        await two.send("one", "m1")
        assert [out.text for out in await waiting] == ["heard one"]


async def test_the_typing_state(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        assert not await at.service.is_answering("web", "ann")
        await at.send("one", "m1")
        assert await at.service.is_answering("web", "ann")
        assert not await at.service.is_answering("web", "bob")
        at.brain.gate.set()
        await at.idle()
        assert not await at.service.is_answering("web", "ann")


async def test_history_has_both_sides_in_order_and_ends_with_the_newest(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        for number in range(4):
            await at.say(str(number))
            at.clock.move(timedelta(seconds=1))
        lines = await at.service.history("web", "ann")
        assert [line.text for line in lines] == [text for n in range(4) for text in (str(n), f"heard {n}")]
        assert [line.text for line in await at.service.history("web", "ann", 3)] == ["heard 2", "3", "heard 3"]
        assert await at.service.history("web", "bob") == []


async def test_whatever_is_left_over_is_listed_by_ids_only(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        await at.send("canary not breathing", "canary", who="canary")
        at.clock.move(timedelta(minutes=1))
        found = await at.service.unfinished(timedelta(seconds=30))
        assert {(left.what, left.state) for left in found} == {
            ("inbox", "new"),
            ("outbox", "queued"),
            ("escalation", "open"),
        }
        assert "canary" not in repr(found)
        health = await at.service.health()
        assert health.counts == {"people": 1, "inbox.new": 1, "outbox.queued": 1, "escalations.open": 1}
        assert "canary" not in repr(health)
        at.store.down = True
        assert not (await at.service.health()).database
