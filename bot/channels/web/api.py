"""The HTTP chat API, as openapi.json describes it. The page's script uses it; so may any other client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.countries import Country
from bot.channels.web.requests import client_id_of, number_of, read_json, words_of
from bot.channels.web.session import Session
from bot.channels.web.shapes import line_json, outgoing_json
from bot.channels.web.site import Site, urgent_of
from bot.channels.web.streams import EventStream
from bot.conversation.model import Outgoing, Receipt
from bot.errors import BadRequest, NotStored

LONGEST_HISTORY = 200


class ChatApi:
    """Endpoints under /api/chat, and /health."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        return [
            Route("/api/chat/messages", self.post_message, methods=["POST"]),
            Route("/api/chat/events", self.get_events, methods=["GET"]),
            Route("/api/chat/history", self.get_history, methods=["GET"]),
            Route("/api/chat/seen", self.post_seen, methods=["POST"]),
            Route("/api/chat/region", self.post_region, methods=["POST"]),
            Route("/api/chat/erase", self.post_erase, methods=["POST"]),
            Route("/health", self.get_health, methods=["GET"]),
        ]

    async def post_message(self, request: Request) -> Response:
        """Keep one message. A browser that lost its cookie gets a new one rather than a refusal."""
        body = await read_json(request, self._site.settings)
        client_id = client_id_of(body)
        text, choice = words_of(body)
        session = self._site.sessions.read(request) or self._site.sessions.fresh(embedded=_is_framed(request))
        pause = self._site.flood.pause_after(session.address)
        async with self._site.asking(request, session) as country:
            try:
                receipt = await self._site.receive(request, session, client_id, text, choice)
            except NotStored as problem:
                response = self._not_kept(urgent_of(problem), await country())
            else:
                response = self._kept(receipt, session, pause, await country())
        if session.is_new:
            self._site.sessions.put(response.headers, session)
        return response

    def _kept(self, receipt: Receipt, session: Session, pause: int, country: Country) -> JSONResponse:
        body: dict[str, Any] = {
            "id": receipt.message_id,
            "kept_in": receipt.kept_in,
            "repeated": receipt.repeated,
            "new_session": session.is_new,
            "replies": _replies(receipt.urgent, country),
        }
        if not pause or receipt.urgent:
            return JSONResponse(body, 202)
        body["error"] = self._site.say("error_slow_down", country)
        return JSONResponse(body, 429, {"retry-after": str(pause)})

    def _not_kept(self, urgent: Iterable[Outgoing], country: Country) -> JSONResponse:
        body = {
            "error": self._site.say("error_not_stored", country),
            "emergency": country.emergency,
            "replies": _replies(urgent, country),
        }
        return JSONResponse(body, 503, {"retry-after": "5"})

    async def get_events(self, request: Request) -> EventStream:
        """Replies from `after` (or Last-Event-ID) on, for as long as the page listens."""
        session = self._known(request)
        asked = (request.query_params.get("after"), request.headers.get("last-event-id"))
        after = max((number_of(value, "error_after") for value in asked if value), default=0)
        site = self._site
        return EventStream(
            site.door,
            site.streams,
            site.clock,
            site.countries,
            session.address,
            after,
            site.pick(request),
            site.settings.heartbeat_s,
            site.settings.stream_s,
        )

    async def get_history(self, request: Request) -> Response:
        session = self._known(request)
        limit = number_of(request.query_params.get("limit", "50"), "error_after")
        lines = await self._site.door.history("web", session.address, min(max(limit, 1), LONGEST_HISTORY))
        country = await self._site.country(request, session)
        return JSONResponse({"lines": [line_json(line, country.emergency) for line in lines]})

    async def post_seen(self, request: Request) -> Response:
        body = await read_json(request, self._site.settings)
        up_to = number_of(body.get("up_to"), "error_seen")
        await self._site.door.mark_seen("web", self._known(request).address, up_to)
        return Response(status_code=204)

    async def post_region(self, request: Request) -> Response:
        """Keep the person's country; answers with its emergency number."""
        body = await read_json(request, self._site.settings)
        session = self._known(request)
        region = self.region_of(body.get("region"))
        response = JSONResponse((await self._site.pick_region(session, region)).json())
        self._site.sessions.put_region(response.headers, region, embedded=session.embedded)
        return response

    def region_of(self, code: object) -> str:
        """A country that can be picked.

        Raises:
            BadRequest: Not one of ours.
        """
        if not isinstance(code, str) or code not in self._site.settings.region_codes:
            raise BadRequest("error_region")
        return code

    async def post_erase(self, request: Request) -> Response:
        await read_json(request, self._site.settings)
        session = await self._site.erase(self._known(request))
        response = JSONResponse({"erased": True})
        self._site.sessions.put(response.headers, session)
        return response

    async def get_health(self, request: Request) -> Response:
        ready, parts = await self._site.report_health()
        return JSONResponse(parts, 200 if ready else 503)

    def _known(self, request: Request) -> Session:
        session = self._site.sessions.read(request)
        if session is None:
            raise BadRequest("error_session", 401)
        return session


def _replies(urgent: Iterable[Outgoing], country: Country) -> list[dict[str, Any]]:
    return [outgoing_json(reply, country.emergency) for reply in urgent]


def _is_framed(request: Request) -> bool:
    return request.headers.get("x-nightlight-frame") == "1"
