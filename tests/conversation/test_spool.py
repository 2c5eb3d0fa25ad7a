"""The database is away: nothing is lost, nothing is taken twice, and a crisis is answered all the same."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.storage import StoreDown
from bot.errors import NotStored
from tests.conversation.house import house


async def test_messages_wait_in_the_spool_and_are_answered_in_order(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.say("zero")
        at.store.down = True
        receipts = [await at.send(str(n), f"m{n}") for n in range(3)]
        receipts.append(await at.send("1", "m1"))
        assert {receipt.kept_in for receipt in receipts} == {"spool"}
        at.store.down = False
        receipts.append(await at.send("3", "m3"))
        assert receipts[-1].kept_in == "spool"
        await at.idle()
        assert await at.said() == ["heard zero", *(f"heard {n}" for n in range(4))]
        assert (await at.send("4", "m4")).kept_in == "inbox"
        assert list((tmp_path / "spool").iterdir()) == []


async def test_a_crisis_is_answered_with_the_database_down(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        await at.service.set_region("web", "ann", "FR")
        at.store.down = True
        first = await at.send("not breathing", "m1")
        again = await at.send("not breathing", "m1")
        assert [out.text for out in first.urgent] == ["first words overdose_now FR"]
        assert first.urgent[0].id < 0
        assert again.urgent[0].id < first.urgent[0].id
        at.store.down = False
        await at.idle()
        assert await at.said() == ["first words overdose_now FR", "heard not breathing"]
        assert at.escalated == 1


async def test_words_said_before_are_remembered_without_a_database(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        await at.send("he is not", "m1")
        assert (await at.send("breathing", "m2")).urgent


async def test_a_new_life_finds_the_spool_of_the_last(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        await at.send("one \ud83d\x00", "m1")
    async with house(url, tmp_path, seed=8) as at:
        assert (await at.send("two", "m2")).kept_in == "spool"
        await at.idle()
        assert await at.said() == ["heard one \ud83d\x00", "heard two"]


async def test_the_database_goes_away_again_in_mid_drain(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        for n in range(4):
            await at.send(str(n), f"m{n}")
        at.store.down, at.store.writes_left = False, 2
        with pytest.raises(StoreDown):
            await at.service.run_until_idle()
        at.store.down, at.store.writes_left = False, None
        await at.idle()
        assert await at.said() == [f"heard {n}" for n in range(4)]


async def test_neither_disk_takes_it_so_it_is_refused_but_the_words_are_there(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        (tmp_path / "spool").rmdir()
        with pytest.raises(NotStored) as refused:
            await at.send("not breathing", "m1")
        assert [out.text for out in refused.value.urgent] == ["first words overdose_now INT"]
        at.store.down = False
        assert (await at.send("not breathing", "m1")).kept_in == "inbox"


async def test_a_full_disk_leaves_no_half_line(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        await at.send("one", "m1")
        real = os.write
        calls = []

        def full(handle: int, data: bytes) -> int:
            calls.append(1)
            if len(calls) == 2:
                raise OSError(errno.ENOSPC, "full")
            return real(handle, data[: len(data) // 2])

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(NotStored):
            await at.send("two", "m2")
        monkeypatch.undo()
        await at.send("three", "m3")
        at.store.down = False
        await at.idle()
        assert await at.said() == ["heard one", "heard three"]


async def test_a_torn_line_is_set_aside_and_seen(url: str, tmp_path: Path) -> None:
    async with house(url, tmp_path) as at:
        at.store.down = True
        await at.send("one", "m1")
        (file,) = (tmp_path / "spool").iterdir()
        with file.open("ab") as handle:
            handle.write(b'{"channel": "web", "addr')
    async with house(url, tmp_path, seed=8) as at:
        await at.idle()
        assert await at.said() == ["heard one"]
        assert [left.what for left in await at.service.unfinished(timedelta(0))] == ["spool"]
