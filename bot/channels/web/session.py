"""Who is writing: a sealed random token in a cookie, and the address made from it.

Only tokens we sealed are taken, so nothing a client makes up picks a history, and a token planted by somebody
else before the first visit is thrown away. The Door sees a hash; the token itself is stored nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from bot.channels.web.settings import WebSettings
from bot.clock import Clock

SECRET_BYTES = 32
DAY = 86_400


@dataclass(frozen=True)
class Session:
    """One browser: `is_new` when it has no cookie yet, `embedded` when it shows us in a frame of another site."""

    secret: bytes
    is_new: bool = False
    embedded: bool = False

    @property
    def address(self) -> str:
        """What the Door knows this browser by."""
        return hashlib.sha256(b"nightlight address\0" + self.secret).hexdigest()

    @property
    def form_key(self) -> str:
        """Proof, inside a plain form, that our own page made the form."""
        return hashlib.sha256(b"nightlight form\0" + self.secret).hexdigest()[:32]


class Sessions:
    """Issues and reads session cookies."""

    def __init__(self, settings: WebSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def read(self, request: Request) -> Session | None:
        """The session of this request, or None when it carries no token of ours."""
        for embedded in (False, True):
            secret = self._open(request.cookies.get(self.cookie_name(embedded), ""))
            if secret:
                return Session(secret, embedded=embedded)
        return None

    def fresh(self, *, embedded: bool = False) -> Session:
        return Session(secrets.token_bytes(SECRET_BYTES), is_new=True, embedded=embedded)

    def cookie_name(self, embedded: bool) -> str:
        name = "nightlight-embed" if embedded else "nightlight"
        return f"__Host-{name}" if self._settings.secure_cookies else name

    def put(self, headers: MutableHeaders, session: Session) -> None:
        """Set the session cookie and start its time anew."""
        self._set(headers, self.cookie_name(session.embedded), self._seal(session.secret), session.embedded)

    def region(self, request: Request) -> str | None:
        """The country the person picked in this browser."""
        code = request.cookies.get(self._region_name, "")
        return code if code in self._settings.region_codes else None

    def put_region(self, headers: MutableHeaders, region: str, *, embedded: bool) -> None:
        self._set(headers, self._region_name, region, embedded)

    @property
    def _region_name(self) -> str:
        return "__Host-nightlight-place" if self._settings.secure_cookies else "nightlight-place"

    def _set(self, headers: MutableHeaders, name: str, value: str, embedded: bool) -> None:
        where = "SameSite=Lax"
        if self._settings.secure_cookies:
            where = "Secure; SameSite=None; Partitioned" if embedded else "Secure; SameSite=Lax"
        age = self._settings.session_days * DAY
        headers.append("set-cookie", f"{name}={value}; Path=/; Max-Age={age}; HttpOnly; {where}")

    def _seal(self, secret: bytes) -> str:
        hours = int(self._clock.now().timestamp()) // 3600
        body = hours.to_bytes(4, "big") + secret
        return urlsafe_b64encode(body + _mac(self._settings.session_keys[0], body)).decode().rstrip("=")

    def _open(self, token: str) -> bytes | None:
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"==")
        except ValueError:
            return None
        body, mac = raw[: 4 + SECRET_BYTES], raw[4 + SECRET_BYTES :]
        known = [hmac.compare_digest(_mac(key, body), mac) for key in self._settings.session_keys]
        return body[4:] if any(known) and self._is_young(body) else None

    def _is_young(self, body: bytes) -> bool:
        sealed = datetime.fromtimestamp(int.from_bytes(body[:4], "big") * 3600, tz=self._clock.now().tzinfo)
        return self._clock.now() - sealed < timedelta(days=self._settings.session_days)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"nightlight session\0" + body, hashlib.sha256).digest()
