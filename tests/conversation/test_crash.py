"""The app dies between any two commits, or in the middle of everything: every message has one answer all the same."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import Database
from tests.conversation.house import House, ScriptedBrain, echo, house, reply
from tests.conversation.test_erase import rows
from tests.conversation.test_timers import reminding

HERE = Path(__file__).parents[2]


class Mortal:
    """A real store that stops for ever at its n-th commit: before it, or just after it."""

    is_shared = True

    def __init__(self, store: Database, dies_at: int, after: bool) -> None:
        self.store, self.left, self.after = store, dies_at, after
        self.died = asyncio.Event()
        self.flying: set[asyncio.Future[Any]] = set()

    async def write(self, work: Any) -> Any:
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.after):
            await self._die()
        commit = asyncio.ensure_future(self.store.write(work))
        self.flying.add(commit)
        result = await asyncio.shield(commit)
        if self.left == 0:
            await self._die()
        return result

    async def _die(self) -> None:
        self.died.set()
        await asyncio.Event().wait()

    async def read(self, work: Any) -> Any:
        return await self.store.read(work)


def answers() -> ScriptedBrain:
    """Arms a reminder at the first message, so that there is something to lose."""
    return ScriptedBrain(lambda r: reply("ok", do=[reminding()]) if r.message.text == "one" else echo(r))


async def life(at: House, client: Callable[[House], Awaitable[None]], died: asyncio.Event) -> bool:
    """Live until the work is done or death comes; True when it died."""
    work, death = asyncio.ensure_future(client(at)), asyncio.ensure_future(died.wait())
    await asyncio.wait({work, death}, return_when=asyncio.FIRST_COMPLETED)
    dead = not work.done()
    for task in (work, death, *at.service._turns._tasks):
        task.cancel()
    await asyncio.gather(work, death, *at.service._turns._tasks, return_exceptions=True)
    if not dead:
        work.result()
    return dead


async def client(at: House) -> None:
    """What a provider does: sends, and sends again with the same id when it heard nothing."""
    await at.send("one", "m1")
    await at.send("not breathing", "m2")
    await at.send("three", "m3")
    await at.idle()
    at.clock.move(timedelta(hours=1))
    await at.idle()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("dies_at", range(1, 10))
async def test_death_at_every_commit(url: str, tmp_path: Path, dies_at: int, after: bool) -> None:
    async with house(url, tmp_path, brain=answers()) as first:
        clock = first.clock
        mortal = Mortal(first.store.store, dies_at, after)
        dying = House(first.store.store, tmp_path / "dying", clock, store=mortal, brain=answers())
        died = await life(dying, client, mortal.died)
        await asyncio.gather(*mortal.flying, return_exceptions=True)
        assert died == (dies_at <= 7 or mortal.died.is_set())
        clock.move(timedelta(seconds=20))
        heir = House(first.store.store, tmp_path / "heir", clock, seed=9, brain=answers())
        await client(heir)
        said = await heir.said()
        expected = ["first words overdose_now INT", "heard /checkin", "heard not breathing", "heard three", "ok"]
        assert sorted(said) == expected
        order = [text for text in said if text in ("ok", "heard not breathing", "heard three", "heard /checkin")]
        assert order[:3] == ["ok", "heard not breathing", "heard three"]
        assert len(rows(url)["escalation"]) == 1


CHILD = """
import asyncio, sys
from pathlib import Path
from tests.conversation.house import House
from bot.clock import SystemClock
from bot.store.database import Database
from bot.store.engine import open_engine

async def main(url, folder, life):
    at = House(Database(open_engine(url)), Path(folder), SystemClock(), seed=int(life))
    await at.service.start()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        who, number = line.split()
        receipt = await at.send(number.decode(), f"m{number.decode()}", who=who.decode())
        print(number.decode(), receipt.kept_in, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_kill_9_in_the_middle_of_everything(url: str, tmp_path: Path) -> None:
    """Three lives, each killed at a moment drawn from a fixed seed; every acknowledged message has one answer."""
    rng, acked = random.Random(20260301), set()
    waiting = [(f"w{number % 6}", number) for number in range(150)]
    for life_number in range(3):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CHILD, url, str(tmp_path), str(life_number)),
            cwd=HERE,
            env=os.environ | {"PYTHONPATH": str(HERE)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert child.stdin
        assert child.stdout
        for who, number in waiting:
            child.stdin.write(f"{who} {number}\n".encode())
        quota = rng.randint(10, 40)
        while quota and (line := await child.stdout.readline()):
            acked.add(int(line.split()[0]))
            quota -= 1
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        while line := await child.stdout.readline():
            acked.add(int(line.split()[0]))
        waiting = [(who, number) for who, number in waiting if number not in acked]
    assert len(acked) >= 30
    async with house(url, tmp_path, clock=None) as at:
        at.clock.move(timedelta(days=3650))
        await at.idle()
        kept = {int(row.text): row for row in rows(url)["inbox"]}
        assert acked <= set(kept)
        assert {row.outcome for row in kept.values()} == {"answered"}
        for who in {row.address for row in kept.values()}:
            theirs = [number for number, row in sorted(kept.items(), key=lambda item: item[1].id) if row.address == who]
            assert await at.said(who) == [f"heard {number}" for number in theirs]
            assert theirs == sorted(theirs)
