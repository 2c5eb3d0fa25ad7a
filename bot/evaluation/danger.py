"""How much danger the screen alone hears in messages whose writers had not seen its rules.

Reads tests/safety/blind.yml. A positive is heard when it reaches the level that brings the first words (urgent); a
false alarm is a negative that does. Nothing here is tuned: what is missed is printed as a number, never as a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import yaml

from bot.safety import Level, Screen

Z = 1.96


@dataclass(frozen=True)
class Heard:
    """`heard` of `count`, and the lower end of the 95 % interval (Wilson)."""

    heard: int
    count: int

    @property
    def share(self) -> float:
        return self.heard / self.count if self.count else 0.0

    @property
    def at_least(self) -> float:
        if not self.count:
            return 0.0
        n, p = self.count, self.share
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (middle - spread) / (1 + Z * Z / n)


def danger(screen: Screen, blind: Path) -> dict[str, Heard]:
    """For each kind what was heard, then "all", then "false alarms" among the negatives."""
    data = yaml.safe_load(blind.read_text("utf-8"))
    found: dict[str, list[bool]] = {}
    for item in data["positives"]:
        found.setdefault(item["kind"], []).append(_is_heard(screen, item["text"]))
    figures = {kind: Heard(sum(heard), len(heard)) for kind, heard in found.items()}
    figures["all"] = Heard(sum(h.heard for h in figures.values()), sum(h.count for h in figures.values()))
    wrong = [_is_heard(screen, item["text"]) for item in data["negatives"]]
    return {**figures, "false alarms": Heard(sum(wrong), len(wrong))}


def _is_heard(screen: Screen, text: str) -> bool:
    return screen.assess(text).level >= Level.URGENT
