"""Asks the brain for one turn over its Unix socket.

Implements `bot.conversation.ports.Brain`. A call that gets no answer changes nothing and may be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from bot.errors import BrainUnavailable, NightlightError
from bot.turns import TurnRequest, TurnResult

CONNECT_S, TOTAL_S, PATIENT_S = 1.0, 8.0, 120.0


class BrainSaidNo(NightlightError):
    """The brain answered that it could not decide this turn."""


class SocketBrain:
    """The brain behind a Unix socket. `ready` tells whether the supervisor has seen it answer."""

    def __init__(self, socket: Path, ready: Callable[[], bool] = lambda: True, *, patient: bool = False) -> None:
        """`patient`: for commands that read many messages in one call."""
        transport = httpx.AsyncHTTPTransport(uds=str(socket), retries=0)
        timeout = httpx.Timeout(PATIENT_S if patient else TOTAL_S, connect=CONNECT_S)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://brain", timeout=timeout)
        self._ready = ready

    @property
    def is_ready(self) -> bool:
        return self._ready()

    async def take_turn(self, request: TurnRequest) -> TurnResult:
        """Answer one message.

        Raises:
            BrainUnavailable: No answer; nothing has happened.
            BrainSaidNo: The brain failed on this very message.
        """
        return TurnResult.from_json(await self._post("/turn", request.to_json()))

    async def understand(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Read messages without answering them."""
        read: list[dict[str, Any]] = await self._post("/understand", {"texts": list(texts)})
        return read

    async def is_answering(self) -> bool:
        try:
            return (await self._http.get("/health")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        try:
            response = await self._http.post(path, json=body)
        except httpx.HTTPError as error:
            raise BrainUnavailable from error
        if response.status_code != httpx.codes.OK:
            raise BrainSaidNo(f"The brain answered {response.status_code} to a turn; see its log.")
        return response.json()
