"""From a file of content/helplines/ to a region with its emergency number and its lines."""

from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.library.helplines import DAYS, MARKS, PURPOSES, Emergency, Helpline, Hours, Region
from bot.library.nodes import Place

_NEEDED = ("id", "name", "purposes", "source", "evidence", "mark", "checked_on", "dial_tested", "expires_on")
_WAYS = ("call", "text", "text_word", "url")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def read_region(place: Place, name: str) -> Region:
    """One region; the file is called after its two-letter code, or INT for anywhere."""
    found = place.fields(["region", "name", "emergency", "lines"])
    if found["region"].text() != name:
        found["region"].complain(f"must be '{name}', as the file is called")
    lines = tuple(_line(item) for item in found["lines"].items(1))
    return Region(name, found["name"].text(), _emergency(found["emergency"]), lines)


def _emergency(place: Place) -> Emergency:
    found = place.fields(["say", "mark", "source", "checked_on", "expires_on"])
    return Emergency(
        say=found["say"].text(),
        mark=found["mark"].one_of(MARKS - {"U"}),
        source=found["source"].text(),
        checked_on=found["checked_on"].day(),
        expires_on=found["expires_on"].day_or_nothing(),
    )


def _line(item: Place) -> Helpline:
    found = item.fields(_NEEDED, (*_WAYS, "hours", "languages", "well_known"))
    ways = {key: found[key].text_or_nothing() if key in found else None for key in _WAYS}
    if not (ways["call"] or ways["text"] or ways["url"]):
        item.complain("needs a way to reach it: call, text or url")
    return Helpline(
        id=found["id"].text(),
        name=found["name"].text(),
        purposes=tuple(p.one_of(PURPOSES) for p in found["purposes"].items(1)),
        call=ways["call"],
        text=ways["text"],
        text_word=ways["text_word"],
        url=ways["url"],
        hours=_hours(found["hours"]) if "hours" in found else None,
        languages=tuple(w.text() for w in found["languages"].items(1)) if "languages" in found else (),
        source=found["source"].text(),
        evidence=found["evidence"].text(),
        mark=found["mark"].one_of(MARKS),
        well_known=found["well_known"].flag() if "well_known" in found else False,
        checked_on=found["checked_on"].day(),
        dial_tested=found["dial_tested"].day_or_nothing(),
        expires_on=_expiry(found["expires_on"]),
        path=item.path,
        line=item.line,
    )


def _expiry(place: Place) -> date:
    if place.is_nothing:
        place.complain("a line must expire; write the day until which it was checked")
        return date.min
    return place.day()


def _hours(place: Place) -> Hours | None:
    """`always`, or zone, days, opens and closes; None means day and night."""
    if place.is_text and place.node.value == "always":
        return None
    found = place.fields(["zone", "days", "opens", "closes"])
    days = tuple(day.one_of(DAYS) for day in found["days"].items(1))
    return Hours(_zone(found["zone"]), days, _time(found["opens"]), _time(found["closes"]))


def _zone(place: Place) -> str:
    name = place.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place.complain(f"'{name}' is not a time zone this machine knows; install tzdata or write it as Europe/Dublin")
    return name


def _time(place: Place) -> time:
    words = place.text()
    if not _CLOCK.fullmatch(words):
        place.complain('must be a time such as "09:30", in quotes')
        return time.min
    return time.fromisoformat(words)
