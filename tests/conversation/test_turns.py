"""Turns: in order for one person, side by side for many, and never a message that ends in silence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.pace import Pace
from bot.turns import Command, Reply, TurnRequest, TurnResult
from tests.conversation.house import SMALL, ScriptedBrain, echo, happens, house, reply


async def test_one_persons_messages_are_answered_in_order_by_a_slow_brain(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        for number in range(5):
            await at.send(str(number), f"m{number}")
        at.brain.gate.set()
        await at.idle()
        assert at.brain.heard == list("01234")
        assert at.brain.most_at_once == 1
        assert await at.said() == [f"heard {number}" for number in range(5)]
        assert [request.state for request in at.brain.asked] == [None, *({"turn": n} for n in range(1, 5))]


async def test_different_people_are_answered_side_by_side_up_to_the_limit(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path, pace=Pace(turns_at_once=3)) as at:
        at.brain.gate = asyncio.Event()
        for who in "abcde":
            await at.send("hi", "m1", who=who)
        await happens(lambda: at.brain.at_once >= 3)
        at.brain.gate.set()
        await at.idle()
        assert at.brain.most_at_once == 3
        assert [await at.said(who) for who in "abcde"] == [["heard hi"]] * 5


async def test_a_brain_that_dies_in_mid_turn_is_asked_again_and_answers_once(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate, at.brain.down = asyncio.Event(), True
        await at.send("hello", "m1")

        async def come_back() -> None:
            at.brain.down = False

        at.meanwhile = come_back
        at.brain.gate.set()
        await at.idle()
        assert at.brain.heard == ["hello"] * 2
        assert await at.said() == ["heard hello"]


async def test_a_late_answer_is_announced_once_and_then_given_once(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.down = True
        await at.send("one", "m1")
        await at.send("two", "m2")
        await happens(lambda: sum(at.pauses) >= 60)
        at.brain.down = False
        await at.idle()
        assert await at.said() == ["The answer is late.", "heard one", "heard two"]
        kinds = [out.kind for out in await at.service.replies_since("web", "ann", 0)]
        assert kinds == ["notice", "reply", "reply"]


async def test_after_ten_minutes_the_message_is_closed_with_the_notice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.down = True
        await at.send("hello", "m1")
        await at.idle()
        assert 600 <= sum(at.pauses) < 610
        assert await at.said() == ["The answer is late."]
        at.brain.down = False
        assert [out.text for out in await at.say("back")] == ["heard back"]


async def test_every_closed_message_is_followed_by_a_notice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.down = True
        await at.send("one", "m1")
        await happens(lambda: sum(at.pauses) >= 300)
        await at.send("two", "m2")
        await at.idle()
        assert await at.said() == ["The answer is late."] * 2
        assert not (await at.service.health()).counts.get("inbox.new")


async def test_a_new_outage_has_its_own_notice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        for number in range(2):
            at.brain.down = True
            at.pauses.clear()
            await at.send(str(number), f"m{number}")
            await happens(lambda: sum(at.pauses) >= 10)
            at.brain.down = False
            await at.idle()
        assert await at.said() == ["The answer is late.", "heard 0", "The answer is late.", "heard 1"]


async def test_a_brain_that_hangs_is_given_up_in_time(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path, pace=SMALL) as at:
        at.brain.gate = asyncio.Event()
        await at.send("hello", "m1")
        await happens(lambda: bool(at.pauses))
        at.brain.gate.set()
        await at.idle()
        assert await at.said() == ["heard hello"]


async def test_a_person_is_told_while_the_brain_still_thinks(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path, pace=Pace(patience=0.01)) as at:
        at.brain.gate = asyncio.Event()
        await at.send("hello", "m1")
        told = await at.service.wait_for_replies("web", "ann", 0, 5)
        at.brain.gate.set()
        await at.idle()
        assert [out.kind for out in told] == ["notice"]
        assert await at.said() == ["The answer is late.", "heard hello"]


def broken(request: TurnRequest) -> TurnResult:
    raise ValueError("no")


BAD = {
    "raises": broken,
    "says nothing": lambda _: TurnResult((), {}),
    "says blank": lambda _: reply("  "),
    "unknown command": lambda _: reply("x", do=[Command("launch", {})]),
    "command without its values": lambda _: reply("x", do=[Command("remind", {"key": "k"})]),
    "reminder at no time": lambda _: reply(
        "x", do=[Command("remind", {"key": "k", "after_s": "soon", "payload": "/x"})]
    ),
    "state that is no JSON": lambda _: replace(reply("x"), state={"x": object()}),
}


@pytest.mark.parametrize("fault", BAD)
async def test_an_answer_that_cannot_be_used_closes_its_message_and_no_other(
    url: str, tmp_path: Path, fault: str
) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = lambda request: BAD[fault](request) if request.message.text == "bad" else echo(request)
        await at.send("bad", "m1")
        await at.send("good", "m2")
        await at.idle()
        assert at.brain.heard == ["bad"] * 3 + ["good"]
        assert await at.said() == ["The answer is late.", "heard good"]


async def test_a_message_that_kills_the_brain_each_time_is_closed(url: str, tmp_path: Path) -> None:
    class Mortal(ScriptedBrain):
        async def take_turn(self, request: TurnRequest) -> TurnResult:
            self.down = request.message.text == "poison"
            try:
                return await super().take_turn(request)
            finally:
                self.down = False

    async with house(url, tmp_path, brain=Mortal()) as at:

        async def others_are_answered() -> None:
            receipt = await at.send("hello", who="bob")
            await happens(lambda: at.brain.heard.count("hello") >= (receipt.message_id or 0) - first)

        at.meanwhile = others_are_answered
        first = (await at.send("poison", "m1", who="eve")).message_id or 0
        await at.idle()
        assert await at.said("eve") == ["The answer is late."]
        assert sum(at.pauses) < 600


async def test_commands_are_carried_out_with_the_answer(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        told = {"name": "  Ann   B ", "region": "fr", "language": "fr", "zone": "Europe/Paris"}
        commands = [
            Command("set_person", told),
            Command("note_feedback", {"topic": "craving_now", "helpful": True}),
            Command("open_escalation", {"kind": "talk_to_human", "level": "concern", "because": "asked"}),
        ]
        at.brain.answer = lambda _: reply("done", do=commands)
        await at.say("call me Ann")
        await at.say("again")
        context = at.brain.asked[1].context
        assert (context.name, context.region, context.now[-6:]) == ("Ann B", "FR", "+01:00")
        assert at.escalated == 1


async def test_the_answer_waits_for_a_database_that_is_away(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        await at.send("hello", "m1")
        at.store.down = True

        async def come_back() -> None:
            at.store.down = len(at.pauses) < 4

        at.meanwhile = come_back
        at.brain.gate.set()
        await at.service._turns.settle()
        assert len(at.brain.asked) == 1
        assert await at.said() == ["heard hello"]


async def test_two_processes_never_take_one_turn_twice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as one, house(url, tmp_path / "two", clock=one.clock, seed=8) as two:
        for number in range(20):
            who = "abcd"[number % 4]
            await (one if number % 3 else two).send(str(number), f"m{number}", who=who)
        await asyncio.gather(one.idle(), two.idle())
        await asyncio.gather(one.idle(), two.idle())
        assert sorted(one.brain.heard + two.brain.heard, key=int) == [str(n) for n in range(20)]
        for index, who in enumerate("abcd"):
            assert await one.said(who) == [f"heard {n}" for n in range(index, 20, 4)]


async def test_a_worker_that_lost_its_lease_changes_nothing(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as one, house(url, tmp_path / "two", clock=one.clock, seed=8) as two:
        one.brain.gate = asyncio.Event()
        await one.send("hello", "m1")
        one.clock.move(timedelta(seconds=60))
        await two.idle()
        one.brain.gate.set()
        await one.idle()
        assert (one.brain.heard, two.brain.heard) == (["hello"], ["hello"])
        assert await one.said() == ["heard hello"]


async def test_a_sign_of_life_does_not_take_up_what_was_let_go(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        await at.send("one", "m1")
        held = at.service._turns.held
        at.brain.gate.set()
        await at.idle()
        await at.service._leftovers.renew(held)
        assert [out.text for out in await at.say("two")] == ["heard two"]


async def test_broken_notice_words_do_not_leave_a_person_in_silence(url: str, tmp_path: Path) -> None:
    def fail(*_: object) -> Reply:
        raise KeyError

    async with house(url, tmp_path, notice=fail) as at:
        at.brain.down = True
        await at.send("hello", "m1")
        await at.idle()
        assert await at.said() == ["Late."]
