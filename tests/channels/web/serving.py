"""Serve an application on a port of this machine, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from bot.channels.web.server import server
from bot.channels.web.streams import Streams


@contextmanager
def running(app: ASGIApp, streams: Streams, port: int = 0) -> Iterator[tuple[int, asyncio.AbstractEventLoop]]:
    """Serve `app` on a port of this machine, in a thread, until the block ends."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    it = server(app, streams, host="127.0.0.1", port=0)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(it.serve(sockets=[sock]),), daemon=True)
    thread.start()
    try:
        yield sock.getsockname()[1], loop
    finally:
        it.should_exit = True
        thread.join(timeout=20)
        loop.close()
        sock.close()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
