"""One turn of a conversation, decided by Rasa: (state, message, context) -> (replies, new state, commands).

Responsible for: loading the trained model, giving Rasa the tracker that came with the call, and collecting what the
actions said and asked for. Not here: the socket (server), the words (library), keeping anything (the app).
"""

from __future__ import annotations

import gc
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import UserUttered

from actions import memory
from bot.brain.graph import DirectRunner
from bot.brain.inprocess import InProcessActions, compile_reply_schema
from bot.brain.parts import grave_first, other_parts
from bot.brain.state import cache_event_types, close_state, open_state
from bot.errors import NightlightError, StartupError
from bot.turns import Choice, Command, Reply, TurnRequest, TurnResult, Understood

WORDS_READ = 2_000
"""How much of a very long message the classifier reads: the beginning and the end (the screen reads all of it)."""

NOT_A_LAPSE = frozenset({"celebrating_milestone", "feeling_ok", "nlu_fallback", "chitchat", "out_of_scope"})
"""Readings that give way when the screen heard that somebody used: "my 90 days are gone" is no milestone."""


class TurnFailed(NightlightError):
    """An action failed while this turn was decided; nothing of the turn counts."""


class Collected(OutputChannel):
    """Keeps what the actions say, in order."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.commands: list[Command] = []

    @classmethod
    def name(cls) -> str:
        return "nightlight"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        command = (message.get("custom") or {}).get("command")
        if command:
            self.commands.append(Command(command, message["custom"].get("args", {})))
        elif message.get("text"):
            buttons = message.get("buttons") or []
            choices = tuple(Choice(b["title"], b["payload"]) for b in buttons)
            self.replies.append(Reply(message["text"], choices, message.get("source")))


class Mind:
    """Rasa's agent, asked one turn at a time. Holds no conversation."""

    def __init__(self, model: Path) -> None:
        """Load a trained model.

        Raises:
            StartupError: There is no such model; train one with `make train`.
        """
        if not model.is_file():
            raise StartupError(f"There is no trained model at {model}; make one with: make train")
        compile_reply_schema()
        cache_event_types()
        self._actions = InProcessActions()
        self._agent = Agent.load(str(model), action_endpoint=self._actions)
        self._processor = self._agent.processor
        if self._processor is None:
            raise StartupError(f"The model {model} could not be loaded; train it again with: make train")
        self._processor.graph_runner = DirectRunner(self._processor.graph_runner)
        self._domain = self._processor.domain
        self._actions.use_domain(self._domain)
        memory.read_all()
        # What was loaded stays; looking through it again and again costs a good part of a turn.
        gc.collect()
        gc.freeze()

    async def understand(self, text: str) -> dict[str, Any]:
        """Read one message: intent, ranking and entities, as Rasa gives them."""
        parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(_as_words(text)))
        return parsed

    async def take_turn(self, request: TurnRequest) -> TurnResult:
        """Decide one turn.

        Raises:
            TurnFailed: An action raised; the caller may ask again or give an honest answer.
        """
        tracker = open_state(request.state, self._domain)
        parsed = await self._parse(request)
        out = Collected()
        self._actions.failed = None
        tracker.update(_uttered(request, parsed), self._domain)
        tracker = await self._processor.run_action_extract_slots(out, tracker)
        await self._processor._run_prediction_loop(out, tracker)
        if self._actions.failed:
            raise TurnFailed(f"The action {self._actions.failed} failed; see the brain's log.")
        return TurnResult(
            tuple(out.replies), close_state(tracker, self._domain), tuple(out.commands), _understood(parsed)
        )

    async def _parse(self, request: TurnRequest) -> dict[str, Any]:
        message = request.message
        if message.payload:
            return await self._processor.parse_message(UserMessage(message.payload))
        parsed = await self.understand(message.text)
        parts = [await self.understand(part) for part in other_parts(message.text)]
        first, rest = grave_first(*_read_as(parsed), [_read_as(part) for part in parts])
        if first != parsed["intent"]["name"]:
            parsed["intent"] = next(part["intent"] for part in parts if part["intent"]["name"] == first)
        if request.context.safety_kind == "lapse" and parsed["intent"]["name"] in NOT_A_LAPSE:
            parsed["intent"] = {"name": "lapse_happened", "confidence": 1.0}
        parsed["also_intents"] = rest
        return parsed


def _as_words(text: str) -> str:
    """People's text is words, never a command: a leading slash is dropped, a very long text is read at both ends."""
    readable = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    words = readable.strip().lstrip("/").strip()
    if len(words) > WORDS_READ:
        words = f"{words[: WORDS_READ // 2]} {words[-WORDS_READ // 2 :]}"
    return words


def _read_as(parsed: dict[str, Any]) -> tuple[str, float]:
    return parsed["intent"]["name"], float(parsed["intent"]["confidence"] or 0.0)


def _uttered(request: TurnRequest, parsed: dict[str, Any]) -> UserUttered:
    metadata = {"context": asdict(request.context), "pressed": bool(request.message.payload)}
    parsed = {**parsed, "metadata": metadata}
    return UserUttered(
        request.message.payload or _as_words(request.message.text),
        parsed["intent"],
        parsed["entities"],
        parsed,
        timestamp=time.time(),
        input_channel=request.context.channel,
        metadata=metadata,
    )


def _understood(parsed: dict[str, Any]) -> Understood:
    ranking = [(r["name"], round(float(r["confidence"]), 4)) for r in parsed.get("intent_ranking", [])]
    intent = parsed["intent"]
    entities = tuple({"entity": e["entity"], "value": e.get("value")} for e in parsed["entities"])
    rest = tuple(r for r in ranking if r[0] != intent["name"])[:3]
    return Understood(intent["name"], round(float(intent["confidence"] or 0.0), 4), rest, entities)
