"""Reminders: once, late rather than never, and never instead of the person's own words."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.turns import Command, TurnRequest, TurnResult
from tests.conversation.house import Answer, House, echo, house, reply


def reminding(key: str = "checkin", after_s: float = 3600, payload: str = "/checkin") -> Command:
    return Command("remind", {"key": key, "after_s": after_s, "payload": payload})


def on(text: str, *commands: Command) -> Answer:
    """A brain that carries these commands when it hears this."""

    def answer(request: TurnRequest) -> TurnResult:
        return reply("ok", do=commands) if request.message.text == text else echo(request)

    return answer


async def later(at: House, seconds: float) -> None:
    at.clock.move(timedelta(seconds=seconds))
    await at.idle()


async def test_a_reminder_comes_when_it_is_due_and_once(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        await later(at, 3599)
        assert await at.said() == ["ok"]
        await later(at, 1)
        await later(at, 7200)
        assert await at.said() == ["ok", "heard /checkin"]
        assert at.brain.asked[-1].message.text == ""
        assert [line.text for line in await at.service.history("web", "ann")] == ["remind me", "ok", "heard /checkin"]


async def test_writing_does_not_cancel_but_the_brain_can(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        await at.say("hello")
        at.brain.answer = on("never mind", Command("cancel_reminder", {"key": "checkin"}))
        await at.say("never mind", who="bob")
        await later(at, 3600)
        assert (await at.said())[-1] == "heard /checkin"
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        at.brain.answer = on("never mind", Command("cancel_reminder", {"key": "checkin"}))
        await at.say("never mind")
        await later(at, 3600)
        assert (await at.said())[-1] == "ok"


async def test_the_same_key_replaces_and_another_does_not(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("a", reminding(payload="/old"), reminding("other", payload="/other"))
        await at.say("a")
        at.brain.answer = on("b", reminding(after_s=7200, payload="/new"))
        await at.say("b")
        await later(at, 3600)
        await later(at, 3600)
        assert at.brain.heard[2:] == ["/other", "/new"]


async def test_a_restart_neither_loses_nor_doubles(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        clock = at.clock
    clock.move(timedelta(days=2))
    async with (
        house(url, tmp_path, clock=clock, seed=8) as one,
        house(url, tmp_path / "two", clock=clock, seed=9) as two,
    ):
        await asyncio.gather(one.idle(), two.idle())
        await asyncio.gather(one.idle(), two.idle())
        assert one.brain.heard + two.brain.heard == ["/checkin"]
        assert await one.said() == ["ok", "heard /checkin"]


async def test_a_reminder_that_meets_a_silent_brain_comes_again_and_blocks_nobody(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        at.brain.down = True
        at.clock.move(timedelta(seconds=3600))
        await at.idle()
        assert await at.said() == ["ok"]
        assert sum(at.pauses) < 10
        at.brain.down = False
        await at.say("hello")
        await later(at, 60)
        assert await at.said() == ["ok", "heard hello", "heard /checkin"]


async def test_a_bad_answer_to_a_reminder_ends_it_without_a_word(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        at.brain.answer = lambda _: 1 / 0  # type: ignore[assignment,return-value]
        await later(at, 3600)
        assert await at.said() == ["ok"]
        at.brain.answer = echo
        assert [out.text for out in await at.say("hello")] == ["heard hello"]


async def test_a_reminder_waits_for_the_turn_under_way(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding(after_s=1))
        await at.say("remind me")
        at.brain.gate = asyncio.Event()
        await at.send("hello", "m2")
        at.clock.move(timedelta(seconds=1))
        tick = asyncio.create_task(at.idle())
        await asyncio.sleep(0.05)
        at.brain.gate.set()
        await tick
        assert at.brain.heard == ["remind me", "hello", "/checkin"]
        assert at.brain.most_at_once == 1


@pytest.mark.parametrize("who", ["ann", "bob"])
async def test_nobody_can_use_up_a_reminder_by_guessing_its_id(url: str, tmp_path: Path, who: str) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = on("remind me", reminding())
        await at.say("remind me")
        for number in range(1, 40):
            await at.send("x", f"timer:{number}", who=who)
        await at.idle()
        await later(at, 3600)
        assert at.brain.heard[-1] == "/checkin"
