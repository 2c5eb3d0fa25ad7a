"""Serving the website until somebody ends it."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bot.brainlink.making import make_supervisor
from bot.brainlink.supervisor import Supervisor
from bot.clock import Clock
from bot.logs import Logger
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.wiring import House

BRAIN_START_S = 120.0


async def serve(settings: Settings, clock: Clock, log: Logger) -> None:
    """Open the door at once (danger is answered without the brain), then say when everything is ready.

    Raises:
        StartupError: Something is not as it must be; says what to do.
    """
    supervisor = make_supervisor(settings, clock, log)
    await supervisor.start()
    try:
        await _serve(settings, clock, log, supervisor)
    finally:
        await supervisor.stop()


async def _serve(settings: Settings, clock: Clock, log: Logger, supervisor: Supervisor) -> None:
    # Imported here, while the brain loads in its own process: this is the larger part of our own start.
    from bot import wiring
    from bot.channels.web.server import server

    house = wiring.build(settings, clock, log, supervisor=supervisor)
    app = wiring.website(house)
    web = server(app, app.state.streams, host=settings.host, port=settings.port)
    async with wiring.running(house):
        serving = asyncio.create_task(web.serve())
        announcing = asyncio.create_task(_announce(house, serving))
        try:
            await serving
        finally:
            announcing.cancel()


async def _announce(house: House, serving: asyncio.Task[None]) -> None:
    ready = await house.supervisor.wait_until_ready(BRAIN_START_S)
    if serving.done():
        return
    if ready:
        _say(f"Nightlight is ready: {house.settings.address}   (Ctrl-C ends it)")
    else:
        _say(f"Nightlight answers only danger so far: the brain has not started; see {house.settings.home}/brain.log")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
