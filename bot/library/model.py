"""The content library as values: what can be said, where it comes from, and until when it holds.

Everything here is frozen. Made by `load`, read by everybody, chosen from by `choose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.library.helplines import ANYWHERE, Helpline, Region, best_line


@dataclass(frozen=True)
class Text:
    """One wording.

    Attributes:
        id: Stays the same as long as the words do.
        text: The words, with placeholders such as {duration}.
        when: Parts of the day it is meant for; empty means any.
        placeholders: The names in it; it is used only when all of them are known.
        short: The same for a text message, where the words themselves are too long for one.
        path, line: Where it is written.
    """

    id: str
    text: str
    when: tuple[str, ...] = ()
    placeholders: frozenset[str] = frozenset()
    short: str | None = None
    path: str = ""
    line: int = 0


@dataclass(frozen=True)
class Option:
    """A choice under an answer: its title, the intent it leads to, and what it already says ({region: US})."""

    title: str
    to: str
    with_values: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    line: int = 0


@dataclass(frozen=True)
class Review:
    """Who has looked at an entry, and when."""

    by: str
    on: date


@dataclass(frozen=True)
class Source:
    """Where guidance comes from; `shown` is the small line under an answer."""

    id: str
    kind: str
    title: str
    shown: str
    checked_on: date
    quality: str | None = None
    paragraph: int | None = None
    url: str | None = None


@dataclass(frozen=True)
class Guidance:
    """One piece of guidance, for one thing that a person may say. The lists are explained in docs and in the schema."""

    id: str
    topic: str
    title: str
    audience: str
    reflect: tuple[Text, ...]
    helps: tuple[Text, ...]
    step_now: tuple[Text, ...]
    ask: tuple[Text, ...]
    choices: tuple[Option, ...]
    short: tuple[Text, ...]
    why: tuple[Text, ...]
    more: tuple[Text, ...]
    reach: str
    naloxone: bool
    sources: tuple[str, ...]
    tag: str
    correction: str | None
    reviewed: Review | None
    expires_on: date
    path: str = ""

    def lists(self) -> Mapping[str, tuple[Text, ...]]:
        """Every list of texts by its key."""
        keys = ("reflect", "helps", "step_now", "ask", "short", "why", "more")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True)
class Part:
    """One step of a conversation: what to say, and the choices under it."""

    say: tuple[Text, ...]
    choices: tuple[Option, ...] = ()


@dataclass(frozen=True)
class ServiceMessage:
    """What we say about ourselves and between the guidance: greeting, privacy, the steps of riding out a craving.

    Attributes:
        say, short: The answer, and the answer for a text message.
        parts: The steps of a longer conversation, by name.
        readings, titles: For `unclear`: each intent as a short phrase and as a button.
        words: Labels and lines of a page, by name; for `website`.
        reach: Which kind of line {helpline} stands for.
    """

    id: str
    say: tuple[Text, ...] = ()
    short: tuple[Text, ...] = ()
    choices: tuple[Option, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    reach: str = "crisis"
    sources: tuple[str, ...] = ()
    reviewed: Review | None = None
    path: str = ""

    def lists(self) -> Mapping[str, tuple[Text, ...]]:
        """Every list of texts by its key; parts as "parts.<name>"."""
        own = {"say": self.say, "short": self.short}
        return {**own, **{f"parts.{name}": part.say for name, part in self.parts.items()}}


@dataclass(frozen=True)
class Library:
    """Everything that can be said, checked and frozen.

    `today` is the day it was loaded for, used where no day is given.
    """

    today: date
    guidance: Mapping[str, Guidance]
    messages: Mapping[str, ServiceMessage]
    regions: Mapping[str, Region]
    sources: Mapping[str, Source]

    def guidance_for(self, intent: str, on: date | None = None) -> Guidance | None:
        """The guidance for an intent, or None when there is none or it has expired (`is_stale` tells which)."""
        return None if self.is_stale(intent, on) else self.guidance.get(intent)

    def is_stale(self, intent: str, on: date | None = None) -> bool:
        """True when there is guidance, but its date has passed and nobody has looked at it again."""
        entry = self.guidance.get(intent)
        return entry is not None and (on or self.today) >= entry.expires_on

    def region(self, code: str) -> Region:
        """The region, or the entry for anywhere when we do not know this one."""
        return self.regions.get(code) or self.regions[ANYWHERE]

    def emergency(self, region: str) -> str:
        """The emergency number of a region, in words that fit after "call"."""
        return self.region(region).emergency.say

    def helpline(self, region: str, purpose: str, at: datetime, channel: str = "web") -> Helpline | None:
        """The best line for a purpose that is open at this moment (aware); never an unconfirmed or expired one."""
        return best_line(self.regions, region, purpose, at, channel)
