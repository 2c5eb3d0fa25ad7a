"""Serving the app with uvicorn, so that open event streams end cleanly when it stops."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from bot.channels.web.streams import Streams

GRACE_S = 10


class GentleServer(uvicorn.Server):
    """uvicorn that ends all event streams before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._streams.close_all()
        await super().shutdown(sockets)


def server(app: ASGIApp, streams: Streams, *, host: str, port: int) -> GentleServer:
    """A server for `app`; run it with `await it.serve()`. No access log: addresses are nobody's business."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return GentleServer(config, streams)
