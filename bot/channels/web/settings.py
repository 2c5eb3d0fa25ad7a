"""What a programme decides about its website channel."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import BadSetting

SHORTEST_KEY = 32


@dataclass(frozen=True)
class WebSettings:
    """How the website channel behaves; checked when it is made.

    Attributes:
        public_url: The address people open, "https://chat.example.org". Never read from a request.
        session_keys: Secrets of 32 bytes or more that seal session tokens; the first seals, all open (for rotation).
        programme_name: Shown beside the lamp; keep it neutral, others may see the screen.
        allowed_embed_origins: Sites that may show the chat in a frame, ("https://www.example.org", ...).
        secure_cookies: False only for plain http on this machine.
        default_region: The country whose emergency number stands in the header until the person picks one.
        regions: (code, name) of the countries a person can pick.
        exit_url: The neutral page that "leave" opens.
        session_days: Days without a visit after which the browser is a stranger again.
        retention_days: Days without a word from a person after which their conversation is deleted; the page says so.
        max_body: Largest request body, bytes.
        body_timeout_s: Seconds a client may take to send its body.
        heartbeat_s: Seconds of silence after which an event stream says it is still there.
        stream_s: Seconds after which an event stream ends and the page opens a new one.
        form_wait_s: Seconds a page without JavaScript waits for the answer before it is shown.
        country_wait_s: Seconds to wait for the country we keep of a person; urgent words never wait for it.
        messages_a_minute: Beyond this a session is asked to slow down; its words are still kept.
    """

    public_url: str
    session_keys: tuple[bytes, ...]
    programme_name: str = "Nightlight"
    allowed_embed_origins: tuple[str, ...] = ()
    secure_cookies: bool = True
    default_region: str = "US"
    regions: tuple[tuple[str, str], ...] = ()
    exit_url: str = "https://www.wikipedia.org/"
    session_days: int = 30
    retention_days: int = 60
    max_body: int = 65_536
    body_timeout_s: float = 10.0
    heartbeat_s: float = 15.0
    stream_s: float = 900.0
    form_wait_s: float = 4.0
    country_wait_s: float = 1.0
    messages_a_minute: int = 60

    def __post_init__(self) -> None:
        if not self.session_keys or any(len(key) < SHORTEST_KEY for key in self.session_keys):
            raise BadSetting(f"session_keys: give at least one secret of {SHORTEST_KEY} bytes or more")
        for origin in self.allowed_embed_origins:
            if origin_of(origin) != origin:
                raise BadSetting(f"allowed_embed_origins: {origin!r} must look like https://www.example.org")
        if not origin_of(self.public_url):
            raise BadSetting("public_url: must look like https://chat.example.org")
        if self.secure_cookies and not self.public_url.startswith("https://"):
            raise BadSetting("secure_cookies: needs a public_url that begins with https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port of `public_url`."""
        return origin_of(self.public_url)

    @property
    def region_codes(self) -> frozenset[str]:
        return frozenset(code for code, _ in self.regions)


def origin_of(url: str) -> str:
    """The origin of a web address, or "" when it has none."""
    parts = urlsplit(url)
    plain = parts.scheme in {"http", "https"} and parts.netloc and not set(parts.netloc) & set("*;,'\" @")
    return f"{parts.scheme}://{parts.netloc}" if plain else ""
