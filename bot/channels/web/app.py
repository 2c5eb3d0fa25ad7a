"""The website channel as one ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.api import ChatApi
from bot.channels.web.assets import Assets
from bot.channels.web.countries import Countries, Country
from bot.channels.web.flood import Flood
from bot.channels.web.pages import Pages
from bot.channels.web.session import Sessions
from bot.channels.web.settings import WebSettings
from bot.channels.web.shield import Shield
from bot.channels.web.site import Site
from bot.channels.web.streams import Streams
from bot.channels.web.words import Words
from bot.clock import Clock
from bot.conversation.ports import Door
from bot.errors import BadRequest

OPENAPI = Path(__file__).with_name("openapi.json")
FOR_STATUS = {404: "error_not_found", 405: "error_method"}


def create_app(  # noqa: PLR0917 - the parts a channel is wired from, all required
    door: Door,
    clock: Clock,
    settings: WebSettings,
    words: Mapping[str, str],
    emergency_for: Callable[[str], str],
    health: Callable[[], Awaitable[dict[str, Any]]],
) -> Starlette:
    """The chat page, the widget and the HTTP API over one Door.

    `words` are those of bot/content/messages/website.yml. `emergency_for` gives the number to call in a region.
    `health` says what is up; its "ready" (default true) decides between 200 and 503 on /health.
    `app.state.streams.close_all()` ends all event streams; `bot.channels.web.server` does so at shutdown.

    Raises:
        StartupError: Words are missing.
    """
    said = Words(words)
    streams = Streams()
    site = Site(
        door,
        clock,
        settings,
        said,
        Countries(door, emergency_for, settings.country_wait_s),
        health,
        Sessions(settings, clock),
        streams,
        Flood(clock, settings.messages_a_minute),
    )
    app = _assemble(site)
    app.state.streams = streams
    return app


def _assemble(site: Site) -> Starlette:
    assets, api = Assets(site.settings, site.words), ChatApi(site)
    pages = Pages(site, assets, api)
    errors = Errors(site, pages)
    shield = Middleware(
        Shield,
        ancestors=site.settings.allowed_embed_origins,
        https=site.settings.secure_cookies,
        say_sorry=errors.unexpected,
    )
    return Starlette(
        routes=[*pages.routes(), *api.routes(), *assets.routes(), _openapi()],
        middleware=[shield],
        exception_handlers={BadRequest: errors.bad_request, HTTPException: errors.http},
    )


def _openapi() -> Route:
    text = OPENAPI.read_text(encoding="utf-8")

    async def get_openapi(request: Request) -> Response:
        return Response(text, media_type="application/json")

    return Route("/openapi.json", get_openapi, methods=["GET"])


class Errors:
    """Every error in plain words: JSON for the API, a page for people."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self._site, self._pages = site, pages

    async def bad_request(self, request: Request, problem: Exception) -> Response:
        status = problem.status if isinstance(problem, BadRequest) else 400
        return self._answer(request, str(problem), status, await self._site.country(request))

    async def http(self, request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        country = await self._site.country(request)
        return self._answer(request, FOR_STATUS.get(status, "error_unexpected"), status, country)

    def unexpected(self, request: Request) -> Response:
        return self._answer(request, "error_unexpected", 500, self._site.guess(request))

    def _answer(self, request: Request, key: str, status: int, country: Country) -> Response:
        if not request.url.path.startswith(("/api/", "/health", "/openapi")):
            return self._pages.sorry(request, key, status, country)
        return JSONResponse({"error": self._site.say(key, country), "emergency": country.emergency}, status)
