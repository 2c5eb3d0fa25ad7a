"""Houses and brains for one command: a temporary home that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.brainlink.client import SocketBrain
from bot.brainlink.making import make_supervisor, socket_path
from bot.clock import Clock
from bot.errors import BrainUnavailable
from bot.logs import Logger
from bot.settings import Settings

BRAIN_START_S = 120.0


@asynccontextmanager
async def brain_only(settings: Settings, clock: Clock, log: Logger) -> AsyncIterator[SocketBrain]:
    """A brain without an app.

    Raises:
        BrainUnavailable: It did not start.
    """
    with tempfile.TemporaryDirectory(prefix="nl-") as home:
        own = settings.model_copy(update={"home": Path(home)})
        supervisor = make_supervisor(own, clock, log)
        await supervisor.start()
        brain = SocketBrain(socket_path(own), supervisor.ready, patient=True)
        try:
            if not await supervisor.wait_until_ready(BRAIN_START_S):
                raise BrainUnavailable(_why(Path(home)))
            yield brain
        finally:
            await brain.close()
            await supervisor.stop()


def _why(home: Path) -> str:
    log_file = home / "brain.log"
    last = log_file.read_text("utf-8", "replace").strip().splitlines()[-3:] if log_file.exists() else []
    return "The brain did not start: " + " / ".join(last)
