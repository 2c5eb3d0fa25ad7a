"""What is measured of a running side: the cost of a turn, turns per second, growth, memory."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import BenchmarkFailed, cpu_ms, memory_mb, say
from benchmarks.sides import Side
from benchmarks.stats import percentile
from benchmarks.talks import MESSAGES, Talk

AT_ONCE = (1, 8, 32)
LEAST_TURNS = 5
SETTLE_S = 2.0


@dataclass(frozen=True)
class Plan:
    """How much is measured; every loop is bounded by it.

    Attributes:
        conversations: Conversations of ten turns whose cost is taken, one after the other.
        seconds: Length of each throughput run.
        sizes: Lengths of the growing conversation at which a turn's cost is taken, in messages.
        turns, turns_s: At most so many turns, and about so many seconds, at each length.
        starts: How often each side is started; the quickest counts.
    """

    conversations: int = 20
    seconds: float = 10.0
    sizes: tuple[int, int, int] = (10, 500, 2000)
    turns: int = 60
    turns_s: float = 20.0
    starts: int = 2


@dataclass
class Found:
    """Figures by name, and how many answers never came."""

    figures: dict[str, float] = field(default_factory=dict)
    turns: int = 0
    unanswered: int = 0

    def count(self, text: str) -> None:
        self.turns += 1
        self.unanswered += not text


class Window:
    """Processor time of one side between two moments."""

    def __init__(self, side: Side) -> None:
        self._side, self._pids = side, side.family()
        self._began = cpu_ms(self._pids)

    def cpu_ms(self) -> float:
        if self._side.family() != self._pids:
            raise BenchmarkFailed("a process of a server came or went during a measurement")
        return cpu_ms(self._pids) - self._began


async def everything(side: Side, plan: Plan, found: Found) -> None:
    """All figures of a side that has given its first answer."""
    found.figures["memory_start"] = memory_mb(side.family())
    await turn_cost(side, plan, found)
    for people in AT_ONCE:
        await per_second(side, people, plan, found)
    found.figures["memory_load"] = memory_mb(side.family())
    await asyncio.sleep(SETTLE_S)
    await growth(side, plan, found)


async def turn_cost(side: Side, plan: Plan, found: Found) -> None:
    """CPU and wall of a turn in short conversations, one at a time; the first conversation only warms up."""
    say(f"{side.name}: the cost of a turn, {plan.conversations} conversations of {len(MESSAGES)} turns")
    await _conversation(side, found)
    used, walls = 0.0, []
    for _ in range(plan.conversations):
        cpu, wall = await _conversation(side, found)
        used += cpu
        walls += wall
    found.figures |= {
        "turn_cpu": used / len(walls),
        "turn_p50": percentile(walls, 50),
        "turn_p95": percentile(walls, 95),
    }


async def _conversation(side: Side, found: Found) -> tuple[float, list[float]]:
    """One conversation of ten turns: processor time of all turns together, wall of each."""
    talk = side.talk()
    await talk.open()
    window, walls = Window(side), []
    for text in MESSAGES:
        told = await talk.say(text)
        found.count(told.text)
        walls.append(told.milliseconds)
    used = window.cpu_ms()
    await talk.close()
    return used, walls


async def per_second(side: Side, people: int, plan: Plan, found: Found) -> None:
    """How many turns are answered in a second while so many people write without a pause."""
    say(f"{side.name}: turns per second, {people} at once, {plan.seconds:g} s")
    ends = time.perf_counter() + plan.seconds
    done = await asyncio.gather(*(_keep_talking(side, ends, found) for _ in range(people)))
    found.figures[f"per_second_{people}"] = sum(done) / plan.seconds


async def _keep_talking(side: Side, ends: float, found: Found) -> int:
    """Conversation after conversation until the time is over; the turns that ended in time."""
    done = 0
    while time.perf_counter() < ends:
        talk = side.talk()
        await talk.open()
        for text in MESSAGES:
            told = await talk.say(text)
            found.count(told.text)
            if time.perf_counter() >= ends:
                break
            done += 1
        await talk.close()
    return done


async def growth(side: Side, plan: Plan, found: Found) -> None:
    """What a turn costs in a conversation that has grown long."""
    talk = side.talk()
    await talk.open()
    for name, messages in zip(("small", "middle", "large"), plan.sizes, strict=True):
        say(f"{side.name}: the cost of a turn after {messages:,} messages")
        await talk.live_through(messages)
        found.figures[f"cpu_{name}"] = await _cost_now(side, talk, plan, found)
    await talk.close()
    found.figures["growth"] = found.figures["cpu_large"] / found.figures["cpu_small"]


async def _cost_now(side: Side, talk: Talk, plan: Plan, found: Found) -> float:
    """Mean CPU of the next turns."""
    window, began, turns = Window(side), time.perf_counter(), 0
    while turns < plan.turns and (turns < LEAST_TURNS or time.perf_counter() - began < plan.turns_s):
        told = await talk.say(MESSAGES[turns % len(MESSAGES)])
        found.count(told.text)
        turns += 1
    return window.cpu_ms() / turns


def disk_ms(folder: Path, writes: int = 50) -> float:
    """What it costs to put 4 KB on this folder's disk for certain: the median of a few, in milliseconds."""
    took: list[float] = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(writes):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return percentile(took, 50)


def quickest(seconds: Sequence[float | None]) -> float | None:
    return min((value for value in seconds if value is not None), default=None)
