"""Is there anything a person may say that has no example, no answer, no rule or no test?

Reads the files, runs nothing. Printed by `make coverage`; a test holds that no cell is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.library.intents import MESSAGE_OF_INTENT, SAFETY_KIND_OF_INTENT, TOPICS

HEADINGS = ("topic", "intent", "examples", "answer", "rule or story", "test sentences", "story test")


@dataclass(frozen=True)
class Row:
    """What there is for one intent."""

    topic: str
    intent: str
    examples: int
    answer: str
    rules: int
    sentences: int
    stories: int

    def cells(self) -> tuple[str, ...]:
        counts = (self.rules, self.sentences, self.stories)
        return (self.topic, self.intent, str(self.examples), self.answer, *(str(n) for n in counts))

    @property
    def gaps(self) -> list[str]:
        """The headings of what is missing."""
        return [name for name, cell in zip(HEADINGS, self.cells(), strict=True) if cell in ("", "0")]


def coverage(root: Path) -> list[Row]:
    """One row for every intent, in the order of the topics."""
    rules = _mentions(root / "data" / "rules") + _mentions(root / "data" / "stories")
    stories = _mentions(root / "tests" / "conversations")
    return [
        Row(
            topic,
            intent,
            len(examples(root / "data" / "nlu" / topic / f"{intent}.yml")),
            _answer(root / "bot" / "content", topic, intent),
            rules.count(intent),
            len(examples(root / "tests" / "understanding" / topic / f"{intent}.yml")),
            stories.count(intent),
        )
        for topic, names in TOPICS.items()
        for intent in names
    ]


def examples(path: Path) -> list[str]:
    """The sentences of one file in Rasa's NLU format; none when there is no such file."""
    if not path.exists():
        return []
    blocks = yaml.safe_load(path.read_text("utf-8"))["nlu"]
    lines = [line for block in blocks for line in block["examples"].splitlines()]
    return [line.strip()[2:] for line in lines if line.strip().startswith("- ")]


def _answer(content: Path, topic: str, intent: str) -> str:
    message = MESSAGE_OF_INTENT.get(intent, intent)
    kind = SAFETY_KIND_OF_INTENT.get(intent)
    places = [f"guidance/{topic}/{intent}.yml", f"messages/{message}.yml"] + ([f"safety/{kind}.yml"] if kind else [])
    return next((place for place in places if (content / place).exists()), "")


def _mentions(folder: Path) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.rglob("*.yml")):
        found += re.findall(r"^\s+(?:- )?intent: (\w+)", path.read_text("utf-8"), re.MULTILINE)
    return found
