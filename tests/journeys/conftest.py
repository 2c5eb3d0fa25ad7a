"""The real app with its real brain, as processes that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 120.0


def needs_brain() -> None:
    if not os.environ.get("NIGHTLIGHT_BRAIN_MODEL"):
        pytest.skip("needs the trained brain: make test-rasa")


class App:
    """`python -m bot run` on a free port with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._visitors: list[Visitor] = []

    def visitor(self) -> Visitor:
        """Somebody new with a browser of their own."""
        self._visitors.append(Visitor(self))
        return self._visitors[-1]

    def start(self, **settings: str) -> None:
        own = {"NIGHTLIGHT_HOME": str(self.home), "NIGHTLIGHT_PORT": str(self.port), "PYTHONTZPATH": ""}
        with (self.home / "app.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**os.environ, **own, **settings}, stdout=log,
                stderr=log,
            )  # fmt: skip
        self.wait(lambda health: True)

    def wait(self, good: Any, seconds: float = START_S) -> None:
        """Until the health page says what is wanted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(httpx.HTTPError):
                if good(httpx.get(f"{self.url}/health", timeout=5).json()):
                    return
            time.sleep(0.1)
        raise AssertionError(f"not in time; the log says: {self.log()[-2000:]}")

    def wait_for_brain(self) -> None:
        self.wait(lambda health: health["brain"])

    def kill_brain(self) -> None:
        for pid in self._children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """As Ctrl-C does."""
        assert self._process is not None
        for visitor in self._visitors:
            visitor.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(30)

    def log(self) -> str:
        return (self.home / "app.log").read_text("utf-8", "replace")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.home / "nightlight.db")) as db:
            return db.execute(query).fetchall()

    def _children(self) -> list[int]:
        assert self._process is not None
        found = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]


def _running(home: Path) -> Iterator[App]:
    needs_brain()
    app = App(home)
    app.start()
    app.wait_for_brain()
    yield app
    app.stop()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A running app whose brain answers; for tests that kill or stop it."""
    yield from _running(tmp_path)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One running app for all tests that leave it alive."""
    yield from _running(tmp_path_factory.mktemp("shared"))


class Visitor:
    """A person with a browser, by the documented HTTP API."""

    def __init__(self, app: App) -> None:
        self._http = httpx.Client(base_url=app.url, timeout=30, headers={"Origin": app.url})
        self._count = 0

    def close(self) -> None:
        self._http.close()

    def send(self, text: str, client_id: str | None = None) -> httpx.Response:
        self._count += 1
        body = {"client_id": client_id or f"visitor-message-{self._count:04d}", "text": text}
        return self._http.post("/api/chat/messages", json=body)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._http.post(path, **more)

    def ours(self) -> list[dict[str, Any]]:
        """What was said to this person so far."""
        lines = self._http.get("/api/chat/history").json().get("lines", [])
        return [line["message"] for line in lines if line["message"]]

    def wait_for_answer(self, more_than: int = 0, seconds: float = 30.0) -> list[dict[str, Any]]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.ours()) > more_than:
                return self.ours()
            time.sleep(0.05)
        raise AssertionError("no answer in time")


@pytest.fixture
def visitor(shared_app: App) -> Visitor:
    return shared_app.visitor()
