"""A provider on this machine that can do what real ones do to us, and a ledger of what a phone would have shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

import httpx

from bot.conversation.model import Outgoing
from bot.errors import SendError


@dataclass
class Provider:
    """`script` says how to treat the next calls: ok, 500, 429, refuse, gone, hang, reset; then always ok."""

    script: list[str] = field(default_factory=list)
    shown: list[tuple[str, int, str]] = field(default_factory=list)
    calls: int = 0
    port: int = 0
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    client: httpx.AsyncClient = field(init=False)

    def ids(self, address: str | None = None) -> list[int]:
        return [row for who, row, _ in self.shown if address in (None, who)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l")
            )
            await self._answer(json.loads(await reader.readexactly(size)), writer)

    async def _answer(self, body: dict[str, object], writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        how = self.script.pop(0) if self.script else "ok"
        if how in ("ok", "reset"):
            self.shown.append((str(body["to"]), int(str(body["id"])), str(body["text"])))
        if how == "reset":
            writer.transport.abort()
            return
        if how == "hang":
            await self.let_go.wait()
        code = {"500": 500, "429": 429, "refuse": 400, "gone": 403}.get(how, 200)
        wait = "Retry-After: 42\r\n" if how == "429" else ""
        answer = json.dumps({"sid": f"SM{self.calls}"})
        head = f"HTTP/1.1 {code} X\r\n{wait}Connection: close\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write((head + answer).encode())
        await writer.drain()


@asynccontextmanager
async def provider(*script: str) -> AsyncIterator[Provider]:
    made = Provider(list(script))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    made.client = httpx.AsyncClient(timeout=5.0, trust_env=False, verify=False)
    try:
        yield made
    finally:
        made.let_go.set()
        await made.client.aclose()
        server.close()
        await server.wait_closed()


@dataclass
class HttpChannel:
    """A push channel as a real one is written: it says which faults are safe to repeat."""

    to: Provider
    name: str = "sms"
    idempotent: bool = False

    async def send(self, outgoing: Outgoing, address: str) -> str | None:
        body = {"to": address, "id": outgoing.id, "text": outgoing.text}
        try:
            answer = await self.to.client.post(f"http://127.0.0.1:{self.to.port}/", json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SendError(retryable=True) from error
        except httpx.HTTPError as error:
            raise SendError(unknown=True) from error
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> str:
        if answer.status_code == 429:
            raise SendError(retryable=True, after_s=float(answer.headers["Retry-After"]))
        if answer.status_code == 403:
            raise SendError(gone=True)
        if answer.status_code >= 500:
            raise SendError(unknown=True)
        if answer.status_code >= 400:
            raise SendError
        return str(answer.json()["sid"])
