"""How long the safety screen takes, alone in a process: `python -m benchmarks.screen` prints it as JSON.

The messages are those of tests/safety/held_out.yml; the hostile ones are 64 KB each. Each is judged a few times and its
quickest time counts: what is asked is the cost of the message, not of the machine's other work.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from benchmarks.stats import percentile
from bot.safety.bench import CONTENT, hostile_texts, milliseconds
from bot.safety.content import load_screen

HELD_OUT = Path(__file__).resolve().parents[1] / "tests" / "safety" / "held_out.yml"
NOT_NEEDED = ("rasa", "rasa_sdk", "tensorflow", "spacy", "onnxruntime", "numpy", "sqlalchemy", "httpx", "starlette")
"""If one of these is loaded, the screen is not what it promises: pure Python that answers when all else is down."""


def held_out_texts() -> list[str]:
    """Every held-out message, of danger and of none."""
    return sorted(set(_texts(yaml.safe_load(HELD_OUT.read_text("utf-8")))))


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for child in children for text in _texts(child)]


def measured() -> dict[str, object]:
    """The figures, how many messages they rest on, and what was loaded that should not have been."""
    screen = load_screen(CONTENT)
    times = [milliseconds(screen, text) for text in held_out_texts()]
    hostile = {name: milliseconds(screen, text) for name, text in hostile_texts().items()}
    slowest = max(hostile, key=lambda name: hostile[name])
    figures = {"screen_p50": percentile(times, 50), "screen_p99": percentile(times, 99), "screen_max": max(times)}
    figures["screen_worst"] = hostile[slowest]
    loaded = [name for name in NOT_NEEDED if name in sys.modules]
    return {"figures": figures, "messages": len(times), "hostile": slowest, "loaded": loaded}


if __name__ == "__main__":
    print(json.dumps(measured()))
