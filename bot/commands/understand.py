"""Reading messages without answering them: what the classifier and the safety screen make of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.progress import track

from bot.brainlink.client import SocketBrain
from bot.clock import SystemClock
from bot.commands.jsonl import read_lines, write_line
from bot.commands.scratch import brain_only
from bot.logs import Logger
from bot.safety import Assessment, Screen, load_screen
from bot.settings import Settings

BATCH = 50
ALTERNATIVES = 3


async def understand_file(settings: Settings, log: Logger, source: Path, target: Path) -> None:
    """Read each line's text; write intent, confidence, alternatives, entities and safety in the same order.

    Raises:
        BadRequest: A line cannot be read; nothing was written.
    """
    items = list(read_lines(source, ("id", "text")))
    screen = load_screen(settings.content / "safety")
    async with brain_only(settings, SystemClock(), log) as brain:
        with target.open("w", encoding="utf-8") as out:
            for start in track(range(0, len(items), BATCH), description="reading", disable=len(items) <= BATCH):
                await _batch(brain, screen, items[start : start + BATCH], out)


async def _batch(brain: SocketBrain, screen: Screen, items: list[dict[str, Any]], out: Any) -> None:
    texts = [str(item["text"]) for item in items]
    for item, text, parsed in zip(items, texts, await brain.understand(texts), strict=True):
        write_line(out, {"id": item["id"], **as_read(parsed), "safety": as_seen(screen.assess(text))})


def as_read(parsed: dict[str, Any]) -> dict[str, Any]:
    """Rasa's reading in the form that is promised to scripts."""
    intent, ranking = parsed["intent"], parsed["intent_ranking"] or []
    others = [r for r in ranking if r["name"] != intent["name"]][:ALTERNATIVES]
    return {
        "intent": intent["name"],
        "confidence": round(float(intent["confidence"] or 0), 4),
        "alternatives": [{"intent": r["name"], "confidence": round(float(r["confidence"]), 4)} for r in others],
        "entities": [_entity(found) for found in parsed["entities"]],
    }


def as_seen(seen: Assessment) -> dict[str, Any]:
    """The screen's verdict in the form that is promised to scripts."""
    return {"kind": seen.kind, "level": seen.level.text, "because": list(seen.because)}


def _entity(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found.get(key) for key in ("entity", "value", "start", "end")}
