"""Who we talk with: as little as the work needs.

Responsible for: the person as a value. Not here: how a person is kept (store) or reached (channels).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UNKNOWN_REGION = "INT"


@dataclass(frozen=True)
class Person:
    """Somebody who writes to us. The id is random and says nothing about them.

    Attributes:
        id: 128 random bits in hexadecimal.
        name: What they asked to be called, if they did.
        region: Two-letter region, or "INT" when unknown.
        zone: IANA time zone, if known.
        language: BCP 47 tag, if known.
    """

    id: str
    name: str | None = None
    region: str = UNKNOWN_REGION
    zone: str | None = None
    language: str | None = None

    def local(self, at: datetime, default_zone: str | None = None) -> datetime:
        """This moment on the person's own clock; in the default zone, or UTC, when theirs is not known."""
        zone = self.zone or default_zone
        if not zone:
            return at
        try:
            return at.astimezone(ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return at
