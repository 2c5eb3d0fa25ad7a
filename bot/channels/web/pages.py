"""The chat page, its embedded form and the page about it; all of it works as plain forms without JavaScript."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.api import ChatApi
from bot.channels.web.assets import Assets
from bot.channels.web.countries import Country
from bot.channels.web.markup import tel
from bot.channels.web.requests import client_id_of, number_of, read_form, words_of
from bot.channels.web.session import Session
from bot.channels.web.shapes import Shown, last_id, last_reminded, shown
from bot.channels.web.site import Site, urgent_of
from bot.conversation.model import Line, Outgoing, Receipt
from bot.errors import NotStored

_log = logging.getLogger("nightlight.web")
TEMPLATES = Path(__file__).parent / "templates"
NOTES = frozenset({"erased", "region_set"})


class Pages:
    """Everything a browser shows. `/embed` is the same chat for a frame on another site."""

    def __init__(self, site: Site, assets: Assets, api: ChatApi) -> None:
        self._site, self._assets, self._api = site, assets, api
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self.get_chat, methods=["GET"]),
            Route("/embed", self.get_chat, methods=["GET"]),
            Route("/about", self.get_about, methods=["GET"]),
            *self._forms(""),
            *self._forms("/embed"),
        ]

    def _forms(self, base: str) -> list[Route]:
        return [
            Route(base + "/chat", self.post_chat, methods=["POST"]),
            Route(base + "/region", self.post_region, methods=["POST"]),
            Route(base + "/erase", self.post_erase, methods=["POST"]),
        ]

    async def get_chat(self, request: Request) -> Response:
        """The conversation so far. A first visit gets its cookie here."""
        known = self._site.sessions.read(request)
        session = known or self._site.sessions.fresh(embedded=_is_embed(request))
        await self._wait_if_asked(request, session)
        return await self._chat(request, session)

    async def get_about(self, request: Request) -> Response:
        session = self._site.sessions.read(request) or self._site.sessions.fresh()
        return self._page("about.html", request, session, await self._site.country(request, session), {})

    async def post_chat(self, request: Request) -> Response:
        """A message from a plain form: keep it, wait a little for the answer, show the conversation again."""
        known = self._site.sessions.read(request)
        form = await read_form(request, self._site.settings, known)
        client_id = client_id_of(form)
        text, choice = words_of(form)
        session = known or self._site.sessions.fresh(embedded=_is_embed(request))
        self._site.flood.pause_after(session.address)
        async with self._site.asking(request, session) as so_far:
            try:
                receipt = await self._site.receive(request, session, client_id, text, choice)
            except NotStored as problem:
                return await self._not_kept(request, session, text, urgent_of(problem), await so_far())
            country = await so_far()
        if session.is_new or any(reply.id < 0 for reply in receipt.urgent):
            note = "no_cookies" if session.is_new else None
            return await self._chat(request, session, extra=receipt.urgent, note=note, country=country)
        await self._wait_for_answer(session, receipt, number_of(form.get("last", "0"), "error_after"))
        return _back(request, "")

    async def post_region(self, request: Request) -> Response:
        session, form = await self._form(request)
        region = self._api.region_of(form.get("region"))
        await self._site.pick_region(session, region)
        response = _back(request, "?note=region_set")
        self._site.sessions.put_region(response.headers, region, embedded=session.embedded)
        return response

    async def post_erase(self, request: Request) -> Response:
        session, _ = await self._form(request)
        response = _back(request, "?note=erased")
        self._site.sessions.put(response.headers, await self._site.erase(session))
        return response

    def sorry(self, request: Request, key: str, status: int, country: Country) -> Response:
        """A page that says in plain words what went wrong, with the emergency number and a way back."""
        session = self._site.sessions.read(request) or self._site.sessions.fresh()
        return self._page(
            "sorry.html", request, session, country, {"message": self._site.say(key, country)}, status=status
        )

    async def _form(self, request: Request) -> tuple[Session, Any]:
        session = self._site.sessions.read(request)
        form = await read_form(request, self._site.settings, session)
        return session or self._site.sessions.fresh(embedded=_is_embed(request)), form

    async def _wait_if_asked(self, request: Request, session: Session) -> None:
        after = request.query_params.get("after", "")
        if after.isdigit() and not session.is_new and await self._site.door.is_answering("web", session.address):
            await self._listen(session, number_of(after, "error_after"))

    async def _wait_for_answer(self, session: Session, receipt: Receipt, after: int) -> None:
        if receipt.kept_in == "inbox" and not receipt.repeated:
            await self._listen(session, max([after, *(reply.id for reply in receipt.urgent)]))

    async def _listen(self, session: Session, after: int) -> None:
        wait = self._site.settings.form_wait_s
        await self._site.door.wait_for_replies("web", session.address, after, wait)

    async def _not_kept(
        self, request: Request, session: Session, text: str, urgent: tuple[Outgoing, ...], country: Country
    ) -> Response:
        note = "error_not_stored"
        return await self._chat(request, session, extra=urgent, note=note, draft=text, status=503, country=country)

    async def _chat(
        self,
        request: Request,
        session: Session,
        *,
        extra: tuple[Outgoing, ...] = (),
        note: str | None = None,
        draft: str = "",
        status: int = 200,
        country: Country | None = None,
    ) -> Response:
        country = country or await self._site.country(request, session)
        lines, is_answering, is_whole = await self._conversation(session)
        lines += [Line(reply.at, reply.text, reply) for reply in extra]
        asked = request.query_params.get("note")
        note = note or (asked if asked in NOTES else None) or (None if is_whole else "history_gone")
        seen = shown(lines, country.emergency)
        more = {"note": self._site.say(note, country) if note else "", "draft": draft, "is_answering": is_answering}
        response = self._page("chat.html", request, session, country, {**self._log(seen), **more}, status=status)
        self._site.sessions.put(response.headers, session)
        return response

    def _log(self, lines: list[Shown]) -> dict[str, Any]:
        reminded = last_reminded(lines, self._site.clock.now())
        return {"lines": lines, "last_id": max(last_id(lines), 0), "reminded": reminded}

    async def _conversation(self, session: Session) -> tuple[list[Line], bool, bool]:
        """(lines, is an answer on its way, did all of that work). Without a store the page still opens."""
        if session.is_new:
            return [], False, True
        try:
            lines = await self._site.door.history("web", session.address)
            return list(lines), await self._site.door.is_answering("web", session.address), True
        except Exception as problem:  # noqa: BLE001 - a page that opens matters more than its history
            _log.error("history is not there: %s", type(problem).__name__)
            return [], False, False

    def _page(
        self,
        template: str,
        request: Request,
        session: Session,
        country: Country,
        values: dict[str, Any],
        *,
        status: int = 200,
    ) -> HTMLResponse:
        embedded = _is_embed(request)
        html = self._templates.get_template(template).render(
            say=lambda key: self._site.say(key, country),
            asset=self._assets.address,
            session=session,
            settings=self._site.settings,
            region=country.region,
            call_link=tel(country.dial) if country.dial else None,
            embedded=embedded,
            base="/embed" if embedded else "",
            client_id=secrets.token_urlsafe(16),
            setup={"words": self._site.for_script(), "country": country.json()},
            **values,
        )
        return HTMLResponse(html, status)


def _is_embed(request: Request) -> bool:
    return request.url.path.startswith("/embed")


def _back(request: Request, query: str) -> RedirectResponse:
    return RedirectResponse(("/embed" if _is_embed(request) else "/") + query, 303)
