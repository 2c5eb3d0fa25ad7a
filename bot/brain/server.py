"""The brain's door: a Unix socket (or loopback) on which the app asks for one turn at a time.

Keeps nothing, knows no secret, logs no words. Routes: POST /turn, POST /understand, GET /health.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

from aiohttp import web

from bot.brain.mind import Mind, TurnFailed
from bot.turns import TurnRequest

log = logging.getLogger(__name__)
LARGEST_CALL = 4 * 1024 * 1024


def create_app(mind: Mind) -> web.Application:
    """The brain as an HTTP application."""
    app = web.Application(client_max_size=LARGEST_CALL)
    one_at_a_time = asyncio.Lock()

    async def turn(request: web.Request) -> web.Response:
        call = TurnRequest.from_json(await request.json())
        async with one_at_a_time:
            try:
                result = await mind.take_turn(call)
            except TurnFailed as failure:
                log.error("turn failed: %s", failure)
                return web.json_response({"error": str(failure)}, status=500)
            except Exception as error:
                # Never the traceback: it may quote what the person wrote.
                log.error("turn failed: %s", type(error).__name__)
                if os.environ.get("NIGHTLIGHT_BRAIN_TRACEBACKS"):
                    log.exception("the same, in full, because a developer asked for it")
                return web.json_response({"error": type(error).__name__}, status=500)
        return web.json_response(result.to_json())

    async def understand(request: web.Request) -> web.Response:
        texts = (await request.json())["texts"]
        async with one_at_a_time:
            return web.json_response([_plain(await mind.understand(text)) for text in texts])

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ready": True, "pid": os.getpid()})

    app.add_routes([web.post("/turn", turn), web.post("/understand", understand), web.get("/health", health)])
    return app


def _plain(parsed: dict[str, object]) -> dict[str, object]:
    return {key: parsed.get(key) for key in ("intent", "intent_ranking", "entities")}


async def serve(mind: Mind, socket: Path, parent: int) -> None:
    """Answer on `socket` until the process is told to end, or until the app that started it (`parent`) is gone."""
    runner = web.AppRunner(create_app(mind), access_log=None)
    await runner.setup()
    socket.unlink(missing_ok=True)
    await web.UnixSite(runner, str(socket)).start()
    socket.chmod(0o600)
    log.info("brain ready")
    while os.getppid() == parent:
        await asyncio.sleep(1)
    await runner.cleanup()
