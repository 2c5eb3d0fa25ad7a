"""The dialogue state that travels with a call: slots, the active form, and a bounded tail of events.

Responsible for: state -> Rasa tracker -> state. What a person said is not in it: earlier words are dropped, only
how they were read stays, so the state is small and the cost of a turn does not grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

VERSION = 1
TURNS_KEPT = 4
_DROPPED = (BotUttered, SlotSet, SessionStarted)


def cache_event_types() -> None:
    """Look event classes up once; Rasa walks all subclasses for every stored event."""

    @cache
    def by_name(type_name: str, default: type[Event] | None = None) -> type[Event]:
        for cls in all_subclasses(Event):
            if cls.type_name == type_name:
                return cls
        if default is None:
            raise ValueError(f"Unknown event name '{type_name}'.")
        return default

    Event.resolve_by_type = staticmethod(by_name)


def open_state(state: Mapping[str, Any] | None, domain: Domain) -> DialogueStateTracker:
    """Build the tracker of a conversation from what the last turn returned (None at the first turn)."""
    state = state if state and state.get("version") == VERSION else {}
    tracker = DialogueStateTracker("call", domain.slots)
    tracker.update(ActionExecuted("action_session_start"), domain)
    tracker.update(SessionStarted(), domain)
    for name, value in state.get("slots", {}).items():
        if name in tracker.slots:
            tracker.update(SlotSet(name, value), domain)
    if state.get("loop_before"):
        tracker.update(ActiveLoop(state["loop_before"]), domain)
    tracker.update(ActionExecuted("action_listen"), domain)
    for event in state.get("events", ()):
        tracker.update(Event.from_parameters(dict(event)), domain)
    return tracker


def close_state(tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Say what must be remembered after a turn; JSON values only."""
    defaults = {slot.name: slot.initial_value for slot in domain.slots}
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != defaults.get(name)}
    tail, loop_before = _tail(list(tracker.events))
    state = {"version": VERSION, "slots": slots, "loop_before": loop_before, "events": [_slim(e) for e in tail]}
    # The app reads this one: while a number is asked for, "2" is a number and not the second choice.
    return {**state, "wants_number": bool(slots.get("wants_number"))}


def _tail(events: list[Event]) -> tuple[list[Event], str | None]:
    """The last turns, and the form that was active before them."""
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    cut = starts[-TURNS_KEPT] if len(starts) >= TURNS_KEPT else (starts[0] if starts else len(events))
    loop: str | None = None
    for event in events[:cut]:
        if isinstance(event, ActiveLoop):
            loop = event.name
    return [e for e in events[cut:] if not isinstance(e, _DROPPED)], loop


def _slim(event: Event) -> dict[str, Any]:
    if isinstance(event, UserUttered):
        name = event.intent_name
        intent = {"name": name, "confidence": 1.0}
        return {
            "event": "user",
            "timestamp": event.timestamp,
            "text": None,
            "parse_data": {"intent": intent, "entities": [], "text": None},
        }
    data: dict[str, Any] = event.as_dict()
    for key in ("metadata", "policy", "confidence", "action_text", "hide_rule_turn"):
        if not data.get(key):
            data.pop(key, None)
    data.pop("metadata", None)
    return data
