"""The brain is brought back when it dies and when it hangs. The brain here is a tiny server of the same manners."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.brainlink import supervisor as supervising
from bot.brainlink.supervisor import Supervisor
from bot.clock import SystemClock

BRAIN = """
import http.server, os, socket, socketserver, sys
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
    def address_string(self): return "-"
    def log_message(self, *a): pass
class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
Server(sys.argv[1], Door).serve_forever()
"""


class Quiet:
    def __init__(self) -> None:
        self.events: list[str] = []

    def info(self, event: str, **keys: Any) -> None:
        self.events.append(event)

    warning = error = info


@pytest.fixture
async def keeper(tmp_path: Path) -> AsyncIterator[Supervisor]:
    socket = tmp_path / "b.sock"
    command = [sys.executable, "-c", BRAIN, str(socket)]
    log = Quiet()
    keeper = Supervisor(command, socket, clock=SystemClock(), log=log, log_file=tmp_path / "log", folder=tmp_path)
    await keeper.start()
    yield keeper
    await keeper.stop()


async def until(good: Any) -> None:
    async with asyncio.timeout(20):
        while not good():
            await asyncio.sleep(0.02)


async def test_it_is_ready_when_it_answers_and_gone_after_stop(keeper: Supervisor) -> None:
    assert await keeper.wait_until_ready(20)
    pid = keeper.pid
    await keeper.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


async def test_a_killed_brain_comes_back(keeper: Supervisor) -> None:
    assert await keeper.wait_until_ready(20)
    os.kill(keeper.pid or 0, signal.SIGKILL)
    await until(lambda: keeper.starts == 2 and keeper.ready())


async def test_a_brain_that_hangs_is_ended_and_comes_back(keeper: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "LOOK_S", 0.01)
    monkeypatch.setattr(supervising, "MOST_MISSES", 1)
    monkeypatch.setattr("bot.brainlink.client.TOTAL_S", 0.2)
    await keeper.stop()
    again = Supervisor(
        keeper._command, keeper._socket, clock=SystemClock(), log=Quiet(), log_file=keeper._log_file,
        folder=keeper._folder,
    )  # fmt: skip
    await again.start()
    assert await again.wait_until_ready(20)
    os.kill(again.pid or 0, signal.SIGSTOP)
    await until(lambda: again.starts == 2 and again.ready())
    await again.stop()


async def test_the_brain_gets_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTLIGHT_DATABASE_URL", "postgresql://canary")
    out = tmp_path / "log"
    command = [sys.executable, "-c", "import os; print(sorted(os.environ))"]
    keeper = Supervisor(
        command, tmp_path / "x.sock", clock=SystemClock(), log=Quiet(), log_file=out, folder=tmp_path
    )  # fmt: skip
    await keeper.start()
    await until(lambda: out.exists() and out.stat().st_size > 0)
    await keeper.stop()
    assert "NIGHTLIGHT" not in out.read_text().replace("NIGHTLIGHT_BRAIN", "")
