"""The three fixtures of Rasa's own starter: a tracker, a dispatcher, a domain; and a message to act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

rasa_sdk = pytest.importorskip("rasa_sdk", reason="the actions run in the brain's environment (make test-rasa)")

from rasa_sdk import Tracker  # noqa: E402
from rasa_sdk.executor import CollectingDispatcher  # noqa: E402

from bot.turns import Context  # noqa: E402

NIGHT = "2026-11-25T02:10:00-05:00"


class Said:
    """What an action did: texts, choices, commands and slots."""

    def __init__(self, dispatcher: CollectingDispatcher, events: list[dict[str, Any]]) -> None:
        spoken = [m for m in dispatcher.messages if m["text"]]
        self.texts = [m["text"] for m in spoken]
        self.sources = [m.get("source") for m in spoken]
        self.payloads = [b["payload"] for m in spoken for b in m["buttons"]]
        commands = [m["custom"] for m in dispatcher.messages if m["custom"]]
        self.commands = {c["command"]: c["args"] for c in commands}
        self.slots = {e["name"]: e["value"] for e in events if e["event"] == "slot"}

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@pytest.fixture
def say() -> Callable[..., Any]:
    """Run one action on one message: `await say(Action(), "intent", text=…, slots=…, region=…)`."""

    async def run(action: Any, intent: str, *, text: str = "", slots: dict[str, Any] | None = None,
                  entities: dict[str, str] | None = None, ranking: list[Any] | None = None,
                  also: list[str] | None = None, confidence: float = 0.9, **context: Any) -> Said:  # fmt: skip
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": ranking or [],
            "entities": found,
            "also_intents": also or [],
            "metadata": {"context": asdict(Context(**{"now": NIGHT, "region": "US", **context}))},
        }
        tracker = Tracker("t", slots or {}, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        return Said(dispatcher, await action.run(dispatcher, tracker, {}))

    return run
