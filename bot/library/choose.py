"""Chooses the words for this person at this moment.

Pure: the same entry, situation and library give the same words. Who calls it: the brain's actions and the app's
notices. Not here: deciding what is to be talked about.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.library.helplines import spoken
from bot.library.model import Guidance, Library, Option, ServiceMessage, Text
from bot.library.values import filled, prepared
from bot.turns import Choice, Reply

TWO_SEGMENTS = 306
_EVERYDAY = frozenset({"name", "helpline", "emergency"})
_TOLERANCE_PART = {"lapse_happened": "after_lapse", "ask_after_lapse": "after_lapse"} | dict.fromkeys(
    ("craving_now", "about_to_use"), "craving"
)


@dataclass(frozen=True)
class Situation:
    """The person and the moment, as far as the choice of words depends on them.

    Attributes:
        at: Their local date and time, aware.
        region: "US", or "INT" when unknown.
        channel: "web", "telegram", "sms" or "terminal".
        short: True when the answer must fit one or two text messages.
        name: What they asked to be called.
        entities: What they said, by placeholder: {"duration": "3 wks", "person": "my sponsor"}. Taken as data.
        recent: Ids of texts used lately, oldest first; they are avoided while another one is left.
        seed: Chooses among equally good wordings.
    """

    at: datetime
    region: str = "INT"
    channel: str = "web"
    short: bool = False
    name: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Composed:
    """Words ready to be said.

    `also` holds further messages that must go out with this one (in a text message the tolerance and naloxone words
    do not fit beside the guidance). `used_ids` go into `Situation.recent` next time.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    source: str | None = None
    used_ids: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def replies(self) -> tuple[Reply, ...]:
        """The messages to send, in order; the choices stand under the last."""
        texts = (self.text, *self.also)
        last = len(texts) - 1
        return tuple(
            Reply(text, self.choices if i == last else (), self.source if i == 0 else None)
            for i, text in enumerate(texts)
        )


def compose(entry: Guidance | ServiceMessage, situation: Situation, library: Library) -> Composed:
    """The answer of an entry: reflect, help, one step, a question; or what a service message says.

    Raises:
        LookupError: the entry has no text for which everything is known; a check keeps this from happening.
    """
    if isinstance(entry, ServiceMessage):
        return _service(entry, situation, library)
    return _guidance(entry, situation, library)


def compose_part(message: ServiceMessage, part: str, situation: Situation, library: Library) -> Composed:
    """One step of a longer conversation, such as `lapse` / `tolerance`.

    Raises:
        LookupError: there is no such part, or a value it needs is not in the situation.
    """
    step = message.parts[part]
    words = _Words(message.id, message.reach, situation, library)
    text = words.pick(f"parts.{part}", step.say)
    return Composed(text, _choices(step.choices), None, tuple(words.used))


def compose_reflection(entry: Guidance, situation: Situation, library: Library) -> Composed:
    """Only what says back what was heard; a question of ours follows it."""
    words = _Words(entry.id, entry.reach, situation, library)
    return Composed(words.pick("reflect", entry.reflect), (), None, tuple(words.used))


def compose_why(entry: Guidance, situation: Situation, library: Library) -> Composed:
    """The answer to "why?" about this guidance."""
    words = _Words(entry.id, entry.reach, situation, library)
    return Composed(words.pick("why", entry.why), (), _shown(entry.sources, library), tuple(words.used))


def compose_more(entry: Guidance, situation: Situation, library: Library) -> Composed | None:
    """A further idea, or None when every one has been given lately (by `situation.recent`)."""
    words = _Words(entry.id, entry.reach, situation, library)
    left = [text for text in entry.more if text.id not in situation.recent and words.can_say(text)]
    if not left:
        return None
    text = words.pick("more", left)
    return Composed(text, _choices(entry.choices), _shown(entry.sources, library), tuple(words.used))


def tolerance_words(entry: Guidance, situation: Situation, library: Library) -> tuple[str, str] | None:
    """The lost-tolerance and naloxone words that belong to this guidance, with their id; None where none do."""
    message = library.messages.get("tolerance")
    if not entry.naloxone or message is None:
        return None
    part = _TOLERANCE_PART.get(entry.id, "after_break")
    composed = compose_part(message, part, situation, library)
    return composed.text, composed.used_ids[0]


def part_of_day(at: datetime) -> str:
    """morning (5 to 12), day (12 to 17), evening (17 to 22) or night."""
    hours = {"morning": range(5, 12), "day": range(12, 17), "evening": range(17, 22)}
    return next((name for name, span in hours.items() if at.hour in span), "night")


def _service(entry: ServiceMessage, situation: Situation, library: Library) -> Composed:
    words = _Words(entry.id, entry.reach, situation, library)
    key, texts = ("short", entry.short) if situation.short else ("say", entry.say)
    text = words.pick(key, texts)
    return Composed(text, _choices(entry.choices), _shown(entry.sources, library), tuple(words.used))


def _guidance(entry: Guidance, situation: Situation, library: Library) -> Composed:
    words = _Words(entry.id, entry.reach, situation, library)
    tolerance = tolerance_words(entry, situation, library)
    used = [tolerance[1]] if tolerance else []
    choices, source = _choices(entry.choices), _shown(entry.sources, library)
    if situation.short:
        text = words.pick("short", entry.short)
        return Composed(text, choices, source, (*words.used, *used), (tolerance[0],) if tolerance else ())
    opening = f"{words.pick('reflect', entry.reflect)} {words.pick('helps', entry.helps)}"
    paragraphs = [opening, words.pick("step_now", entry.step_now)]
    paragraphs += [tolerance[0]] if tolerance else []
    paragraphs.append(words.pick("ask", entry.ask))
    return Composed("\n\n".join(paragraphs), choices, source, (*words.used, *used))


def _choices(options: Sequence[Option]) -> tuple[Choice, ...]:
    return tuple(Choice(option.title, f"/{option.to}{_attached(option.with_values)}") for option in options)


def _attached(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False) if values else ""


def _shown(sources: Sequence[str], library: Library) -> str | None:
    return library.sources[sources[0]].shown if sources else None


class _Words:
    """Picks texts of one entry for one situation, and remembers which."""

    def __init__(self, entry: str, reach: str, situation: Situation, library: Library) -> None:
        self._entry, self._situation = entry, situation
        self._values = prepared({**situation.entities, **({"name": situation.name} if situation.name else {})})
        self._values["emergency"] = library.emergency(situation.region)
        purpose = "crisis" if reach == "none" else reach
        line = library.helpline(situation.region, purpose, situation.at, situation.channel)
        if line is not None:
            self._values["helpline"] = spoken(line)
        self._time = part_of_day(situation.at)
        self.used: list[str] = []

    def pick(self, key: str, texts: Sequence[Text]) -> str:
        """One text: the most specific, not used lately if another is left, by the seed among equals."""
        fitting = [text for text in texts if self.can_say(text)]
        if not texts:
            raise LookupError(f"{self._entry} has no '{key}'; it has parts, so say one of them")
        if not fitting:
            missing = sorted({name for text in texts for name in text.placeholders} - self._values.keys())
            raise LookupError(f"nothing to say for {self._entry}.{key}; not known: {', '.join(missing) or 'the time'}")
        choice = self._among(key, self._fresh(fitting))
        self.used.append(choice.id)
        return self._said(choice)

    def can_say(self, text: Text) -> bool:
        """Everything it needs is known, it is meant for this time, and it fits the channel."""
        if not text.placeholders <= self._values.keys() or (text.when and self._time not in text.when):
            return False
        return not self._situation.short or len(self._said(text)) <= TWO_SEGMENTS

    def _said(self, text: Text) -> str:
        words = text.short if self._situation.short and text.short else text.text
        if self._situation.short:
            words = words.replace("**", "")
        return filled(words, self._values)

    def _fresh(self, texts: list[Text]) -> list[Text]:
        recent = self._situation.recent
        unused = [text for text in texts if text.id not in recent]
        if unused:
            return unused
        last = {text_id: i for i, text_id in enumerate(recent)}
        return [min(texts, key=lambda text: last[text.id])]

    def _among(self, key: str, texts: list[Text]) -> Text:
        most = max(map(_specificity, texts))
        best = [text for text in texts if _specificity(text) == most]
        seeded = random.Random(f"{self._situation.seed}/{self._entry}/{key}")  # noqa: S311 - wording, not a secret
        return seeded.choice(best)


def _specificity(text: Text) -> int:
    """How closely a text answers to what was said; a name or a number alone does not make it closer."""
    return len(text.placeholders - _EVERYDAY) + bool(text.when)
