"""Forgetting somebody means that nothing of theirs is left in any table or file."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.store.engine import open_engine
from bot.store.tables import Base, EscalationRow
from bot.turns import Command, TurnRequest
from tests.conversation.house import echo, house, reply


def rows(url: str) -> dict[str, list[Any]]:
    """Every row of every table that is not empty."""
    engine = open_engine(url)
    with engine.connect().execution_options(reads=True) as connection:
        found = {table.name: list(connection.execute(select(table))) for table in Base.metadata.sorted_tables}
    engine.dispose()
    return {name: there for name, there in found.items() if there}


async def test_erasing_leaves_only_a_nameless_case(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        remind = Command("remind", {"key": "k", "after_s": 60, "payload": "/x"})
        at.brain.answer = lambda _: reply("canary ok", ("canary", "/y"), do=[remind])
        await at.say("canary: not breathing")
        at.store.down = True
        await at.send("canary in the spool", "m9")
        at.store.down = False
        await at.service.erase("web", "ann")
        await at.idle()
        left = rows(url)
        assert set(left) == {"escalation"}
        (case,) = left["escalation"]
        columns = list(EscalationRow.__table__.columns.keys())
        kept = dict(zip(columns, case, strict=True))
        assert (kept["person_id"], kept["cause"], kept["because"]) == (None, None, [])
        assert (kept["kind"], kept["level"], kept["status"]) == ("overdose_now", "danger", "open")
        assert await at.service.history("web", "ann") == []
        assert list((tmp_path / "spool").iterdir()) == []
        at.clock.move(timedelta(days=1))
        await at.idle()
        assert await at.said() == []


async def test_erasing_touches_nobody_else(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.say("hello", who="bob")
        await at.say("hello", who="ann")
        await at.service.erase("web", "ann")
        await at.service.erase("web", "stranger")
        assert await at.said("bob") == ["heard hello"]


async def test_an_answer_under_way_does_not_bring_them_back(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.gate = asyncio.Event()
        await at.send("hello", "m1")
        await at.service.erase("web", "ann")
        at.brain.gate.set()
        await at.idle()
        assert rows(url) == {}


def forgetting(request: TurnRequest) -> Any:
    return reply("gone", do=[Command("erase_me")]) if request.message.text == "forget me" else echo(request)


async def test_a_person_asks_and_still_reads_the_confirmation(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = forgetting
        await at.say("canary")
        before = [out.id for out in await at.service.replies_since("web", "ann", 0)]
        await at.say("forget me", provider_id="m2")
        assert await at.said() == ["gone"]
        assert (await at.service.replies_since("web", "ann", before[-1]))[0].text == "gone"
        assert "canary" not in repr(rows(url))
        assert (await at.send("forget me", "m2")).repeated
        at.clock.move(timedelta(hours=2))
        await at.idle()
        assert rows(url) == {}


async def test_what_they_write_afterwards_begins_anew(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.brain.answer = forgetting
        await at.say("canary")
        at.brain.gate = asyncio.Event()
        await at.send("forget me", "m2")
        await at.send("hello", "m3")
        at.brain.gate.set()
        await at.idle()
        assert await at.said() == ["gone", "heard hello"]
        assert at.brain.asked[-1].state is None
        at.clock.move(timedelta(seconds=5))
        await at.say("still here")
        at.clock.move(timedelta(hours=2))
        await at.idle()
        assert (await at.said())[-1] == "heard still here"


async def test_words_are_kept_no_longer_than_was_said(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.say("hello", who="bob")
        at.clock.move(timedelta(days=60))
        await at.say("hello", who="ann")
        at.clock.move(timedelta(days=29))
        assert await at.service.forget_the_silent() == 0
        at.clock.move(timedelta(days=2))
        assert await at.service.forget_the_silent() == 1
        assert await at.said("bob") == []
        assert await at.said("ann") == ["heard hello"]
