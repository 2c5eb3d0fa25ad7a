"""The two that are compared, as running servers: Nightlight as people get it, and the stock starter of Rasa."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.processes import Process, free_port
from benchmarks.talks import CRISIS_MESSAGE, FIRST_MESSAGE, OurTalk, RightAnswer, StockTalk, Talk, first_connection

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
START_S = 300.0
AGAIN_S = 0.1


@dataclass(frozen=True)
class Brain:
    """Rasa's Python, and a trained model."""

    python: str
    model: Path


@dataclass(frozen=True)
class Started:
    """Seconds from the start of the processes. `crisis` only where danger is answered apart."""

    answer: float
    right: bool
    crisis: float | None = None


class Side(Protocol):
    """One of the two, running. `family` names all its processes; the client is none of them."""

    name: str

    async def first_answer(self) -> Started: ...

    def talk(self) -> Talk: ...

    def family(self) -> list[int]: ...

    def stop(self) -> None: ...


class Ours:
    """`python -m bot run`: the website, the durable path on SQLite with every commit on the disk, the brain below."""

    name = "ours"

    def __init__(self, brain: Brain, folder: Path, right: RightAnswer) -> None:
        self._port, self._right, self._began = free_port(), right, time.perf_counter()
        settings = {
            "NIGHTLIGHT_HOME": str(folder),
            "NIGHTLIGHT_HOST": "127.0.0.1",
            "NIGHTLIGHT_PORT": str(self._port),
            "NIGHTLIGHT_DATABASE_URL": "",
            "NIGHTLIGHT_PUBLIC_URL": "",
            "NIGHTLIGHT_BRAIN_PYTHON": brain.python,
            "NIGHTLIGHT_BRAIN_MODEL": str(brain.model),
        }
        folder.mkdir()
        self._app = Process([sys.executable, "-m", "bot", "run"], folder / "app.log", ROOT, settings)

    async def first_answer(self) -> Started:
        """Write to it as soon as it listens: two people, one of them in danger.

        Raises:
            TimeoutError: It did not start.
        """
        await first_connection(self._port, START_S, self.family)
        alarmed, calm = OurTalk(self._port), OurTalk(self._port)
        await alarmed.open()
        receipt = await alarmed.post(CRISIS_MESSAGE)
        crisis = self._since() if receipt["replies"] else None
        await calm.open()
        told = await calm.say(FIRST_MESSAGE)
        answer = self._since()
        for talk in (alarmed, calm):
            await talk.close()
        return Started(answer, self._right.is_right(told.text), crisis)

    def talk(self) -> Talk:
        return OurTalk(self._port)

    def family(self) -> list[int]:
        return self._app.family()

    def stop(self) -> None:
        self._app.stop()

    def _since(self) -> float:
        return time.perf_counter() - self._began


class Stock:
    """`rasa run` with the REST channel and SQLite, and `rasa run actions` with our own actions."""

    name = "stock"

    def __init__(self, brain: Brain, folder: Path, right: RightAnswer) -> None:
        self._port, actions = free_port(), free_port()
        self._right, self._database, self._began = right, folder / "tracker.db", time.perf_counter()
        settings = {
            "NIGHTLIGHT_BENCH_ACTIONS_PORT": str(actions),
            "NIGHTLIGHT_BENCH_TRACKER": str(self._database),
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
        }
        folder.mkdir()
        rasa = [brain.python, "-m", "rasa", "run"]
        files = ["--model", str(brain.model), "--endpoints", str(HERE / "stock" / "endpoints.yml")]
        files += ["--credentials", str(HERE / "stock" / "credentials.yml")]
        serve = [*files, "--interface", "127.0.0.1", "--port", str(self._port)]
        act = ["actions", "--actions", "actions", "--port", str(actions)]
        self._server = Process([*rasa, *serve], folder / "server.log", ROOT, settings)
        self._actions = Process([*rasa, *act], folder / "actions.log", ROOT, settings)

    async def first_answer(self) -> Started:
        """Write to it, as somebody new each time, until an answer comes.

        Raises:
            TimeoutError: It did not start.
        """
        await first_connection(self._port, START_S, self.family)
        while time.perf_counter() - self._began < START_S:
            talk = self.talk()
            told = await talk.say(FIRST_MESSAGE)
            await talk.close()
            if told.text:
                return Started(time.perf_counter() - self._began, self._right.is_right(told.text))
            self.family()
            await asyncio.sleep(AGAIN_S)
        raise TimeoutError("the stock server gave no answer")

    def talk(self) -> Talk:
        return StockTalk(self._port, self._database)

    def family(self) -> list[int]:
        return [*self._server.family(), *self._actions.family()]

    def stop(self) -> None:
        self._server.stop()
        self._actions.stop()
