"""Around every response: security headers, and plain words when something breaks.

The last resort logs the kind of error and where it happened, never its message: that may hold a person's words.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("nightlight.web")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
ONE_YEAR = "max-age=31536000"


class Shield:
    """ASGI middleware, outermost. `say_sorry` makes the response to an error nobody expected."""

    def __init__(
        self, app: ASGIApp, ancestors: tuple[str, ...], https: bool, say_sorry: Callable[[Request], Response]
    ) -> None:
        self._app, self._https, self._say_sorry = app, https, say_sorry
        self._frame_policy = POLICY.format(ancestors=" ".join(ancestors) or "'none'")
        self._page_policy = POLICY.format(ancestors="'none'")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def shielded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                self._harden(scope, MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, receive, shielded)
        except Exception as problem:  # noqa: BLE001 - the last resort; whatever it is, the person gets words
            _log.error("unexpected %s in %s", type(problem).__name__, _where(problem))
            if not has_started:
                await self._say_sorry(Request(scope))(scope, receive, shielded)

    def _harden(self, scope: Scope, headers: MutableHeaders) -> None:
        may_be_framed = scope["path"].startswith("/embed")
        for name, value in FIXED.items():
            headers[name] = value
        headers["content-security-policy"] = self._frame_policy if may_be_framed else self._page_policy
        headers.setdefault("cache-control", "no-store")
        headers.setdefault("cross-origin-resource-policy", "same-origin")
        if not may_be_framed:
            headers["x-frame-options"] = "DENY"
        if self._https:
            headers["strict-transport-security"] = ONE_YEAR


def _where(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else "nowhere"
