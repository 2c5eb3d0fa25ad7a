"""A small HTTP client: what it costs is not measured, but it shares the machine with what is, so it is light."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import BenchmarkFailed

LONGEST_CALL_S = 120.0
BUFFER = 2**22


@dataclass(frozen=True)
class Answer:
    """What a server said: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Link:
    """One connection to a server on loopback, kept open from call to call."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None, cookie: str = "") -> Answer:
        """Make one call; a connection that the server closed while it was idle is opened again, once.

        Raises:
            OSError, TimeoutError: The server is not there, or does not answer.
        """
        async with asyncio.timeout(LONGEST_CALL_S):
            try:
                return await self._ask(method, path, body, cookie)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                return await self._ask(method, path, body, cookie)

    async def events(self, path: str, cookie: str) -> AsyncIterator[tuple[str, Any]]:
        """Server-sent events, (kind, data), until the server or the caller ends."""
        answer = await self._send("GET", path, None, cookie)
        if answer.status != 200:
            raise BenchmarkFailed(f"the event stream was refused with {answer.status}")
        reader, _ = await self._opened()
        left = b""
        while chunk := await _chunk(reader):
            *whole, left = (left + chunk).split(b"\n\n")
            for event in whole:
                fields = dict(line.partition(": ")[::2] for line in event.decode().splitlines())
                if "data" in fields:
                    yield fields.get("event", "message"), json.loads(fields["data"])

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _ask(self, method: str, path: str, body: Any, cookie: str) -> Answer:
        head = await self._send(method, path, body, cookie)
        reader, _ = await self._opened()
        if head.headers.get("transfer-encoding") == "chunked":
            parts = []
            while chunk := await _chunk(reader):
                parts.append(chunk)
            return Answer(head.status, head.headers, b"".join(parts))
        return Answer(head.status, head.headers, await reader.readexactly(int(head.headers.get("content-length", 0))))

    async def _send(self, method: str, path: str, body: Any, cookie: str) -> Answer:
        reader, writer = await self._opened()
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", f"Content-Length: {len(data)}"]
        lines += ["Content-Type: application/json"] * bool(data) + [f"Cookie: {cookie}"] * bool(cookie)
        writer.write("\r\n".join([*lines, "", ""]).encode() + data)
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        return Answer(int(first.split()[1]), headers, b"")

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=BUFFER)
        return self._streams


async def _chunk(reader: asyncio.StreamReader) -> bytes:
    """The next chunk of a body of unknown length, empty at its end."""
    size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
    return (await reader.readexactly(size + 2))[:size]
