"""Reading what a browser sends: bounded in size and time, checked for origin, and never trusted to be well formed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.channels.web.session import Session
from bot.channels.web.settings import WebSettings
from bot.errors import BadRequest

LARGEST_ID = 2**63 - 1
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_CHOICE = 200


async def read_json(request: Request, settings: WebSettings) -> Mapping[str, Any]:
    """The JSON object in this request.

    Raises:
        BadRequest: With the key of the words to say: foreign origin, too large, too slow, not a JSON object.
    """
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if not (is_from_our_page(request, settings) or (is_json and not _tells_origin(request))):
        raise BadRequest("error_origin", 403)
    try:
        body = json.loads((await _body(request, settings)).decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise BadRequest("error_broken") from problem
    if not isinstance(body, dict):
        raise BadRequest("error_broken")
    return body


async def read_form(request: Request, settings: WebSettings, session: Session | None) -> Mapping[str, str]:
    """The fields of a plain form of ours; `key` proves the page where the browser does not tell the origin.

    Raises:
        BadRequest: As `read_json`.
    """
    body = await _body(request, settings)
    try:
        fields = dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError as problem:
        raise BadRequest("error_broken") from problem
    has_key = session is not None and fields.get("key") == session.form_key
    if not (has_key or is_from_our_page(request, settings)):
        raise BadRequest("error_origin", 403)
    return {name: value.replace("\r\n", "\n") for name, value in fields.items()}


def is_from_our_page(request: Request, settings: WebSettings) -> bool:
    """True when the browser itself says that our own page made this request."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site == "same-origin" if site else origin == settings.origin


def _tells_origin(request: Request) -> bool:
    return "origin" in request.headers or "sec-fetch-site" in request.headers


async def _body(request: Request, settings: WebSettings) -> bytes:
    if int(_digits(request.headers.get("content-length", "0"))) > settings.max_body:
        raise BadRequest("error_too_long", 413)
    body = bytearray()
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            async for chunk in request.stream():
                body += chunk
                if len(body) > settings.max_body:
                    raise BadRequest("error_too_long", 413)
    except TimeoutError as problem:
        raise BadRequest("error_too_slow", 408) from problem
    return bytes(body)


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 20 else "0"


def words_of(body: Mapping[str, Any]) -> tuple[str, str | None]:
    """(text, choice id) of a message: exactly one of them is there.

    Raises:
        BadRequest: Neither, both, empty or of another type.
    """
    text, choice = body.get("text"), body.get("choice")
    if choice is not None:
        if not isinstance(choice, str) or text or not 0 < len(choice) <= _LONGEST_CHOICE:
            raise BadRequest("error_choice")
        return "", whole(choice)
    if not isinstance(text, str | None):
        raise BadRequest("error_broken")
    if not text or not text.strip():
        raise BadRequest("error_empty")
    return whole(text), None


def client_id_of(body: Mapping[str, Any]) -> str:
    """The page's own id of a message, by which a repeat is known."""
    client_id = body.get("client_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise BadRequest("error_client_id")
    return client_id


def whole(text: str) -> str:
    """The text with halves of broken characters replaced, so that every store can keep it; nothing is cut."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number_of(value: object, error: str) -> int:
    """A whole number of 0 or more, given as a number or as digits.

    Raises:
        BadRequest: With the words of `error`.
    """
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(error)
    return min(max(value, 0), LARGEST_ID)
