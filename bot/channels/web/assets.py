"""The style sheet, the scripts and the icon: read once, named by their content, served compressed."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.settings import WebSettings
from bot.channels.web.words import FOR_WIDGET, Words

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"


class Assets:
    """Files under static/, and /widget.js, which other sites load by one script tag."""

    def __init__(self, settings: WebSettings, words: Words) -> None:
        self._files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in TYPES}
        self._widget = self._files.pop("widget.js").replace(b'"SETUP"', _setup(settings, words), 1)
        self._digests = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in self._files.items()}

    def routes(self) -> list[Route]:
        return [
            Route("/static/{name}", self.get, methods=["GET"]),
            Route("/widget.js", self.get_widget, methods=["GET"]),
        ]

    def address(self, name: str) -> str:
        """Where a page finds this file; changes whenever the file does."""
        return f"/static/{name}?v={self._digests[name]}"

    async def get(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._files:
            return Response(status_code=404)
        is_current = request.query_params.get("v") == self._digests[name]
        return _file(request, self._files[name], TYPES[Path(name).suffix], FOR_EVER if is_current else "no-cache")

    async def get_widget(self, request: Request) -> Response:
        response = _file(request, self._widget, TYPES[".js"], FIVE_MINUTES)
        response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response


def _setup(settings: WebSettings, words: Words) -> bytes:
    setup = {"frame": f"{settings.origin}/embed", "origin": settings.origin, "exit": settings.exit_url}
    return json.dumps({**setup, "words": words.some(FOR_WIDGET)}).encode()


def _file(request: Request, data: bytes, kind: str, cache: str) -> Response:
    headers = {"content-type": kind, "cache-control": cache, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(gzip.compress(data, mtime=0), headers={**headers, "content-encoding": "gzip"})
    return Response(data, headers=headers)
