"""Who can be reached, where, and when: helplines and emergency numbers as values, and the choice of the best one.

Responsible for: opening hours in the line's own time zone, what may be shown (never an unconfirmed or an expired
number), and saying a line in words. Not here: reading the files (`regions`) and what is said around a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PURPOSES = frozenset(
    [
        "crisis",
        "overdose",
        "treatment",
        "peer",
        "family",
        "veterans",
        "youth",
        "lgbtq",
        "domestic_violence",
        "poison",
        "meetings",
    ]
)
MARKS = frozenset("CSU")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANYWHERE = "INT"

# Where a region has no line for a purpose, the nearest one that a person can still talk to.
_NEXT_BEST: dict[str, tuple[str, ...]] = {
    "crisis": (),
    "treatment": ("peer", "crisis"),
    "peer": ("crisis", "treatment"),
    "family": ("peer", "crisis"),
    "meetings": (),
}


@dataclass(frozen=True)
class Hours:
    """When a line answers, on the clocks of the place where it is."""

    zone: str
    days: tuple[str, ...]
    opens: time
    closes: time

    def hold(self, at: datetime) -> bool:
        """Is the line open at this moment (an aware time, anywhere)?"""
        there = at.astimezone(ZoneInfo(self.zone))
        return DAYS[there.weekday()] in self.days and self.opens <= there.time() < self.closes


@dataclass(frozen=True)
class Helpline:
    """One line a person can reach.

    Attributes:
        id: Ours, unique.
        name: As the line calls itself.
        purposes: What it is for (`PURPOSES`).
        call: Number to ring, as people write it, or None.
        text: Number to text, or None; `text_word` is what the first message must say.
        url: Site, without "https://".
        hours: When it answers; None means day and night.
        source, evidence: A key of sources.yml, and who was seen giving this number.
        mark: C confirmed at an official source, S secondary, U unconfirmed (kept, never shown).
        well_known: True for the national numbers that need no test call before a release.
        dial_tested: When a person last rang it.
        expires_on: From this day on it is not shown until somebody has checked it again.
    """

    id: str
    name: str
    purposes: tuple[str, ...]
    call: str | None
    text: str | None
    text_word: str | None
    url: str | None
    hours: Hours | None
    languages: tuple[str, ...]
    source: str
    evidence: str
    mark: str
    well_known: bool
    checked_on: date
    dial_tested: date | None
    expires_on: date
    path: str = ""
    line: int = 0

    def may_be_shown(self, at: datetime) -> bool:
        """Confirmed well enough, not expired, and open at this moment."""
        return self.mark != "U" and at.date() < self.expires_on and (self.hours is None or self.hours.hold(at))


@dataclass(frozen=True)
class Emergency:
    """The emergency number of a region; it does not expire with the lines."""

    say: str
    mark: str
    source: str
    checked_on: date
    expires_on: date | None


@dataclass(frozen=True)
class Region:
    """A country, or "INT" for anywhere: its name in a sentence, its emergency number, its lines (preferred first)."""

    code: str
    name: str
    emergency: Emergency
    lines: tuple[Helpline, ...]


def spoken(line: Helpline) -> str:
    """The line as a person would say it: "988 Suicide & Crisis Lifeline, call or text 988"."""
    ways = list(_ways(line))
    return f"{line.name}, {' or '.join(ways)}" if ways else line.name


def _ways(line: Helpline) -> Iterator[str]:
    if line.call and line.call == line.text and not line.text_word:
        yield f"call or text {line.call}"
        return
    if line.call:
        yield f"call {line.call}"
    if line.text:
        yield f"text {line.text_word} to {line.text}" if line.text_word else f"text {line.text}"
    if line.url and not (line.call or line.text):
        yield line.url


def best_line(regions: Mapping[str, Region], region: str, purpose: str, at: datetime, channel: str) -> Helpline | None:
    """The best line that is open now, or None when there is none that may be shown.

    The region's own lines come first, for the purpose itself and then for the next best; after that the lines for
    anywhere. On SMS a line that takes texts is preferred. `at` must be aware.
    """
    for code in dict.fromkeys((region, ANYWHERE)):
        if code in regions:
            open_now = [line for line in regions[code].lines if line.may_be_shown(at)]
            found = _for_purpose(open_now, purpose, channel)
            if found:
                return found
    return None


def _for_purpose(lines: list[Helpline], purpose: str, channel: str) -> Helpline | None:
    for wanted in (purpose, *_NEXT_BEST.get(purpose, ("crisis", "peer", "treatment"))):
        fitting = [line for line in lines if wanted in line.purposes]
        if channel == "sms":
            fitting.sort(key=lambda line: line.text is None)
        if fitting:
            return fitting[0]
    return None
