"""One turn as an action sees it: what was said, what is remembered, and the means to answer.

Responsible for: reading the message's context, choosing words through the library, and returning what changed as
slot events. Not here: deciding what to talk about (the action files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import memory
from bot.library.choose import (
    Composed,
    Situation,
    compose,
    compose_more,
    compose_part,
    compose_reflection,
    compose_why,
)
from bot.library.model import Guidance, Library
from bot.library.numbers import safety_numbers
from bot.turns import Choice, Context

RECENT_KEPT = 60
WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
         "ten": 10}  # fmt: skip
_RATING = re.compile(r"(?<![\d.])(10|[0-9])(?![\d.])")


class Talk:
    """One turn. `say…` speaks, `set` remembers, `command` asks the app to do something, `events` returns it all."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        self._dispatcher = dispatcher
        self._slots: dict[str, Any] = dict(tracker.slots)
        self._changed: dict[str, Any] = {}
        self.library: Library = memory.library()
        self.context = Context(**metadata["context"]) if "context" in metadata else _default_context()
        self.text: str = message.get("text") or ""
        self.pressed: bool = bool(metadata.get("pressed"))
        self.intent: str = (message.get("intent") or {}).get("name") or "out_of_scope"
        self.confidence: float = float((message.get("intent") or {}).get("confidence") or 0.0)
        self.ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
        self.also: list[str] = message.get("also_intents") or []
        self.entities: dict[str, Any] = {e["entity"]: e for e in message.get("entities") or []}

    # what is known

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.context.now)

    def slot(self, name: str) -> Any:
        return self._slots.get(name)

    def value(self, entity: str) -> str | None:
        """What the person said of one kind, in the form that fits a sentence."""
        found = self.entities.get(entity)
        return None if found is None else str(found["value"])

    def rating(self) -> int | None:
        """A number from 0 to 10 in the message, as digits or as a word."""
        found = self.value("rating")
        if found is not None:
            return _within(found)
        digits = _RATING.findall(self.text)
        if len(digits) == 1:
            return int(digits[0])
        words = [WORDS[w] for w in re.findall(r"[a-z]+", self.text.lower()) if w in WORDS]
        return words[0] if len(words) == 1 and len(self.text.split()) <= 5 else None

    def entry(self, intent: str) -> Guidance | None:
        """Guidance for an intent that has not expired."""
        return self.library.guidance_for(intent, self.day)

    def numbers(self) -> dict[str, str | None]:
        """The numbers that safety words may name, for this region at this moment."""
        return safety_numbers(self.library, self.context.region, self.moment, self.context.channel)

    # what is said

    def say(self, message: str, part: str | None = None, offer: bool = False, **values: str) -> None:
        """Say a service message, or one part of it. `offer`: its choices are what the person may press next."""
        entry = self.library.messages[message]
        situation = self._situation(values)
        if part is None:
            composed = compose(entry, situation, self.library)
        else:
            composed = compose_part(entry, part, situation, self.library)
        self._speak(composed, offer=offer or bool(composed.choices))

    def say_entry(self, entry: Guidance) -> None:
        """Say a piece of guidance and make it the topic."""
        self._speak(compose(entry, self._situation({}), self.library), offer=True)
        self.set("topic", entry.id)

    def say_reflection(self, intent: str, then: tuple[str, str]) -> None:
        """Say back what was heard, then ask a question of ours, as one message."""
        entry, message = self.entry(intent), self.library.messages[then[0]]
        question = compose_part(message, then[1], self._situation({}), self.library)
        if entry is not None:
            heard = compose_reflection(entry, self._situation({}), self.library)
            ids = (*heard.used_ids, *question.used_ids)
            question = replace(question, text=f"{heard.text} {question.text}", used_ids=ids)
        self._speak(question, offer=bool(question.choices))

    def say_more(self) -> None:
        """The next idea on the last topic; when there is none left, say so."""
        entry = self.entry(self.slot("topic") or "")
        if entry is None:
            return self.say("ask_more", "nothing_before")
        used = tuple(self.slot("more_used") or ())
        composed = compose_more(entry, self._situation({}, also_recent=used), self.library)
        if composed is None:
            return self.say("ask_more", "nothing_left")
        self.set("more_used", [*used, *composed.used_ids][-40:])
        return self._speak(composed, offer=True)

    def say_next_step(self, intent: str) -> None:
        """One further idea about a topic, without making it the subject."""
        entry = self.entry(intent)
        composed = compose_more(entry, self._situation({}), self.library) if entry else None
        if composed is not None:
            self._speak(composed, offer=True)

    def say_why(self) -> None:
        """The reason behind the last topic."""
        entry = self.entry(self.slot("topic") or "")
        if entry is None:
            return self.say("ask_why")
        return self._speak(compose_why(entry, self._situation({}), self.library), offer=False)

    def say_with(self, message: str, choices: tuple[Choice, ...], **values: str) -> None:
        """Say a service message with choices that were made for this moment."""
        composed = compose(self.library.messages[message], self._situation(values), self.library)
        self._speak(replace(composed, choices=choices), offer=True)

    def say_other(self, intent: str) -> None:
        """Offer the second thing that a message held."""
        unclear = self.library.messages["unclear"]
        choices = (Choice(unclear.titles[intent], f"/{intent}"),)
        before = list(self.slot("offered") or ())
        self.say_with("also", choices, second=unclear.readings[intent])
        self.set("offered", [*before, *(self.slot("offered") or ())])

    def offer_again(self, choices: tuple[Choice, ...]) -> None:
        """Put choices that stood before under the question which one is meant."""
        composed = compose_part(self.library.messages["affirm"], "which", self._situation({}), self.library)
        self._speak(replace(composed, choices=choices), offer=True)

    def say_text(self, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """Say words that were chosen elsewhere (the safety content, the last reply again)."""
        self._speak(Composed(text, choices), offer=bool(choices))

    def command(self, kind: str, /, **args: Any) -> None:
        """Ask the app to do something in the same transaction as this answer."""
        self._dispatcher.utter_message(json_message={"command": kind, "args": args})

    # what is remembered

    def set(self, name: str, value: Any) -> None:
        self._slots[name] = value
        self._changed[name] = value

    def clear(self, *names: str) -> None:
        for name in names:
            if self._slots.get(name) is not None:
                self.set(name, None)

    def events(self) -> list[dict[str, Any]]:
        """The slot events of this turn. A question that was left open lives for one turn only."""
        if "pending" not in self._changed:
            self.clear("pending")
        if not self._slots.get("met"):
            self.set("met", True)
        return [SlotSet(name, value) for name, value in self._changed.items()]

    # inside

    def _situation(self, values: Mapping[str, str], also_recent: tuple[str, ...] = ()) -> Situation:
        known = {k: str(e["value"]) for k, e in self.entities.items() if k in _SAYABLE and e.get("value")}
        recent = (*(self.slot("recent_texts") or ()), *also_recent)
        c = self.context
        return Situation(self.moment, c.region, c.channel, c.short, c.name, {**known, **values}, recent, c.seed)

    def _speak(self, composed: Composed, offer: bool) -> None:
        for reply in composed.replies():
            buttons = [{"title": c.title, "payload": c.payload} for c in reply.choices]
            extra = {"source": reply.source} if reply.source else {}
            self._dispatcher.utter_message(text=reply.text, buttons=buttons, **extra)
        self.set("recent_texts", [*(self.slot("recent_texts") or ()), *composed.used_ids][-RECENT_KEPT:])
        self.set("last_reply", composed.text)
        if offer:
            self.set("offered", [{"title": c.title, "payload": c.payload} for c in composed.choices])


_SAYABLE = frozenset({"duration", "substance", "treatment", "person", "place"})


def _within(value: str) -> int | None:
    try:
        number = round(float(value))
    except ValueError:
        return None
    return number if 0 <= number <= 10 else None


def _default_context() -> Context:
    """For `rasa shell` and `rasa run`, where no app stands in front."""
    return Context(now=datetime.now().astimezone().isoformat())
