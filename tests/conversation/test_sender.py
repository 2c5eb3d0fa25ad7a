"""Sending, against a real provider that fails in every way we know; its ledger says what phones showed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.model import Outgoing
from bot.conversation.pace import Pace
from bot.conversation.sender import Sender
from bot.errors import SendError
from bot.store.database import Database
from bot.store.engine import open_engine
from tests.conversation.house import House, happens, house
from tests.conversation.provider import HttpChannel, Provider, provider
from tests.conversation.test_erase import rows

PATIENT = Pace()
QUICK = Pace(send_deadline=0.5)


def sender_of(at: House, *channels: Any, pace: Pace = PATIENT) -> Sender:
    return Sender(at.store, channels, at.service.bell, clock=at.clock, pace=pace)


@asynccontextmanager
async def sending(url: str, folder: Path, *script: str, **more: Any) -> AsyncIterator[tuple[House, Provider, Sender]]:
    async with house(url, folder) as at, provider(*script) as to:
        yield at, to, sender_of(at, HttpChannel(to, **more), pace=QUICK if "hang" in script else PATIENT)


async def send(at: House, text: str, who: str = "ann", channel: str = "sms") -> None:
    await at.send(text, who=who, channel=channel)
    await at.idle()


def outbox(url: str) -> list[tuple[str, int]]:
    """State and number of tries of every row."""
    return [(row.state, row.attempts) for row in sorted(rows(url)["outbox"], key=lambda row: row.id)]


def tries(url: str) -> list[str | None]:
    return [row.outcome for row in sorted(rows(url)["send_attempt"], key=lambda row: row.id)]


async def until_quiet(at: House, sender: Sender) -> None:
    """Let an hour pass in growing steps, and send what falls due."""
    for step in range(12):
        await sender.run_until_idle()
        at.clock.move(timedelta(seconds=2**step))


MATRIX = [
    # script, kind of message, idempotent, state at the end, tries, times shown
    (["ok"], "reply", False, "handed", 1, 1),
    (["429"], "reply", False, "handed", 2, 1),
    (["refuse"], "reply", False, "failed", 1, 0),
    (["gone"], "reply", False, "failed", 1, 0),
    (["500"], "reply", False, "unknown", 1, 0),
    (["reset"], "reply", False, "unknown", 1, 1),
    (["hang"], "reply", False, "unknown", 1, 0),
    (["500"], "reply", True, "handed", 2, 1),
    (["reset"], "reply", True, "handed", 2, 2),
    (["hang"], "reply", True, "handed", 2, 1),
    (["reset"], "urgent", False, "handed", 2, 2),
    (["hang", "500", "429"], "urgent", False, "handed", 4, 1),
    (["gone"], "urgent", False, "failed", 1, 0),
    (["500"] * 20, "urgent", False, "unknown", 8, 0),
]


@pytest.mark.parametrize(("script", "kind", "idempotent", "state", "count", "times"), MATRIX)
async def test_every_fault_has_its_end(
    url: str, tmp_path: Path, script: list[str], kind: str, idempotent: bool, state: str, count: int, times: int
) -> None:
    async with sending(url, tmp_path, *script, idempotent=idempotent) as (at, to, sender):
        at.brain.gate = asyncio.Event()
        if kind == "reply":
            at.brain.gate.set()
            await send(at, "hello")
        else:
            await at.send("not breathing", "m1", channel="sms")
        await until_quiet(at, sender)
        assert outbox(url) == [(state, count)]
        assert len(to.shown) == times
        assert len(tries(url)) == count
        assert None not in tries(url)
        at.brain.gate.set()


async def test_a_provider_that_asks_us_to_wait_is_obeyed(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path, "429") as (at, to, sender):
        await send(at, "hello")
        await sender.run_until_idle()
        at.clock.move(timedelta(seconds=41))
        await sender.run_until_idle()
        assert to.calls == 1
        at.clock.move(timedelta(seconds=1))
        await sender.run_until_idle()
        assert (to.calls, outbox(url)) == (2, [("handed", 2)])


async def test_one_address_keeps_its_order_while_others_go_on(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path, "429") as (at, to, sender):
        for text in ("one", "two"):
            await send(at, text)
        await sender.run_until_idle()
        await send(at, "three", who="bob")
        await sender.run_until_idle()
        assert [text for _, _, text in to.shown] == ["heard three"]
        await until_quiet(at, sender)
        assert [text for who, _, text in to.shown if who == "ann"] == ["heard one", "heard two"]


async def test_urgent_words_pass_everything(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path, "429", "hang") as (at, to, sender):
        await send(at, "one")
        await sender.run_until_idle()
        await send(at, "two", who="bob")
        await sender.step("sms")
        for who in ("bob", "ann"):
            await at.send("not breathing", "m9", who=who, channel="sms")
        await sender.step("sms")
        await happens(lambda: len(to.shown) >= 2)
        assert {text for _, _, text in to.shown} == {"first words overdose_now INT"}


async def test_an_old_message_is_not_sent_for_ever(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path, *["429"] * 50) as (at, _, sender):
        await send(at, "hello")
        await sender.run_until_idle()
        at.clock.move(timedelta(days=2))
        await sender.run_until_idle()
        assert outbox(url) == [("failed", 2)]
        assert tries(url)[-1] == "too old"


class Frozen:
    """A channel that stops in mid-call, as a paused process does, until it is let go."""

    name, idempotent = "sms", False

    def __init__(self) -> None:
        self.go, self.begun = asyncio.Event(), 0
        self.shown: list[int] = []

    async def send(self, outgoing: Outgoing, address: str) -> str | None:
        self.begun += 1
        await self.go.wait()
        self.shown.append(outgoing.id)
        return "late"


@pytest.mark.parametrize(("text", "state"), [("hello", "unknown"), ("not breathing", "queued")])
async def test_a_sender_that_dies_in_mid_call(url: str, tmp_path: Path, text: str, state: str) -> None:
    """The try was written down before the call, so the row is unknown; urgent words are sent again."""
    async with house(url, tmp_path) as at:
        await at.send(text, "m1", channel="sms")
        at.brain.gate = None if text == "hello" else asyncio.Event()
        if text == "hello":
            await at.idle()
        dead, other = Frozen(), Frozen()
        lost = sender_of(at, dead, pace=Pace())
        await lost.step("sms")
        await happens(lambda: bool(dead.begun))
        assert outbox(url)[0] == ("leased", 1)
        assert tries(url) == [None]
        second = sender_of(at, other, pace=Pace())
        at.clock.move(timedelta(seconds=29))
        assert await second.recover() == 0
        at.clock.move(timedelta(seconds=2))
        assert await second.recover() == 1
        assert outbox(url)[0] == (state, 1)
        dead.go.set()
        await lost.stop()
        assert outbox(url)[0] == (state, 1)
        assert tries(url)[0] == "handed (too late)"
        if at.brain.gate:
            at.brain.gate.set()


async def test_two_senders_never_send_one_row_twice(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at, provider() as to:
        for number in range(40):
            await at.send(str(number), f"m{number}", who=f"w{number % 10}", channel="sms")
        await at.idle()
        database = Database(open_engine(url))
        one = sender_of(at, HttpChannel(to))
        two = Sender(database, [HttpChannel(to)], at.service.bell, clock=at.clock, pace=PATIENT)
        await asyncio.gather(one.run_until_idle(), two.run_until_idle())
        await asyncio.gather(one.run_until_idle(), two.run_until_idle())
        database.close()
        assert sorted(to.ids()) == sorted(set(to.ids()))
        assert len(to.shown) == 40
        for who in range(10):
            assert to.ids(f"w{who}") == sorted(to.ids(f"w{who}"))
        assert set(outbox(url)) == {("handed", 1)}


async def test_a_slow_channel_delays_no_other(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at, provider(*["hang"] * 30) as slow, provider() as quick:
        sender = sender_of(at, HttpChannel(slow), HttpChannel(quick, name="telegram"), pace=Pace())
        for number in range(30):
            await at.send("hi", f"m{number}", who=f"w{number}", channel="sms")
        await at.idle()
        await sender.start()
        await send(at, "hello", channel="telegram")
        await happens(lambda: bool(quick.shown))
        assert slow.calls <= 8
        slow.let_go.set()
        await sender.stop()


async def test_a_channel_that_breaks_is_unknown_not_silent(url: str, tmp_path: Path) -> None:
    class Broken(Frozen):
        async def send(self, outgoing: Outgoing, address: str) -> str | None:
            raise KeyError("oops")

    async with house(url, tmp_path) as at:
        await send(at, "hello")
        await sender_of(at, Broken()).run_until_idle()
        assert outbox(url) == [("unknown", 1)]
        assert [left.state for left in await at.service.unfinished(timedelta(seconds=-1))] == ["unknown"]


async def test_a_later_word_of_the_provider_counts(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path, "ok", "ok") as (at, _, sender):
        await send(at, "one")
        await send(at, "two")
        await sender.run_until_idle()
        now = at.clock.now()
        assert await at.store.write(lambda work: work.confirm_delivery("sms", "SM1", True, now))
        assert await at.store.write(lambda work: work.confirm_delivery("sms", "SM2", False, now))
        assert not await at.store.write(lambda work: work.confirm_delivery("sms", "SM1", False, now))
        assert [state for state, _ in outbox(url)] == ["delivered", "failed"]


async def test_a_lost_database_leaves_the_truth(url: str, tmp_path: Path) -> None:
    async with sending(url, tmp_path) as (at, to, sender):
        await send(at, "hello")
        await sender.step("sms")
        at.store.down = True
        await happens(lambda: bool(to.shown))
        await asyncio.sleep(0.05)
        at.store.down = False
        await sender.stop()
        assert outbox(url) == [("handed", 1)]


def test_send_errors_are_refusals_unless_they_say_otherwise() -> None:
    error = SendError()
    assert (error.retryable, error.unknown, error.gone) == (False, False, False)
