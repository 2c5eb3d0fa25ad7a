"""The one call between the app and the brain, and the values that travel in it.

Responsible for: the shape of a turn, `(state, message, context) -> (replies, state', commands)`, and its
JSON form. Not here: how a turn is decided (actions, Rasa) or stored (store). Both sides import this module,
so it runs on Python 3.10 and needs only the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """What a person sent: their words, or the choice they pressed.

    `payload` is the meaning of a button or of a timer of ours (`/ask_find_meeting`), looked up on our side;
    nothing a person types ever becomes a payload.
    """

    text: str
    payload: str | None = None


@dataclass(frozen=True)
class Context:
    """What the answer needs to know about the person and the moment.

    Attributes:
        now: The person's local date and time, ISO 8601 with offset.
        region: Two-letter region of the person ("US"), or "INT" when unknown.
        channel: "web", "telegram", "sms" or "terminal".
        short: True when answers must fit one or two text messages.
        on_call: True only if a human will truly see an escalation soon.
        name: What the person asked to be called, if they did.
        seed: Chooses among equally good wordings; the same seed gives the same words.
        safety_kind: What the safety screen saw in this message ("none" when nothing).
        safety_level: "none", "concern", "urgent" or "danger".
        answered_by_safety: True when the safety words have already gone out.
    """

    now: str
    region: str = "INT"
    channel: str = "web"
    short: bool = False
    on_call: bool = False
    name: str | None = None
    seed: int = 0
    safety_kind: str = "none"
    safety_level: str = "none"
    answered_by_safety: bool = False


@dataclass(frozen=True)
class Choice:
    """One thing a person can press, or answer by its number; `payload` stays on our side."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to a person. `source` is the small line that names where guidance comes from."""

    text: str
    choices: tuple[Choice, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Command:
    """Something the app must do in the same transaction as the answer.

    Kinds: `set_person` {name?, region?, language?}, `remind` {key, after_s, payload}, `cancel_reminder` {key},
    `open_escalation` {kind, level, because}, `erase_me` {}, `note_feedback` {topic, helpful}.
    """

    kind: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """How the message was read; numbers and labels only, never the person's words."""

    intent: str | None = None
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class TurnRequest:
    """One call to the brain. `state` is what the last turn returned, None at the first."""

    message: Message
    context: Context
    state: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TurnRequest:
        return cls(Message(**data["message"]), Context(**data["context"]), data.get("state"))


@dataclass(frozen=True)
class TurnResult:
    """The brain's answer: what to say, what to remember, what to do."""

    replies: tuple[Reply, ...]
    state: Mapping[str, Any]
    commands: tuple[Command, ...] = ()
    understood: Understood = Understood()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TurnResult:
        seen = data["understood"]
        return cls(
            replies=tuple(_reply(r) for r in data["replies"]),
            state=data["state"],
            commands=tuple(Command(c["kind"], c["args"]) for c in data["commands"]),
            understood=Understood(
                seen["intent"],
                seen["confidence"],
                tuple((name, score) for name, score in seen["alternatives"]),
                tuple(seen["entities"]),
            ),
        )


def _reply(data: Mapping[str, Any]) -> Reply:
    choices = tuple(Choice(c["title"], c["payload"]) for c in data["choices"])
    return Reply(data["text"], choices, data.get("source"))
