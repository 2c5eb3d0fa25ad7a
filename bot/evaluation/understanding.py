"""How well messages are read that nobody trained on: by intent, by topic, and what is confused with what.

Pure: takes readings, gives figures. Who calls it: `python -m bot.evaluation understanding` and the tests.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.library.intents import TOPICS

ASKED = "nlu_fallback"
CRISIS = frozenset(TOPICS["crisis"])
SCREENED = frozenset({"urgent", "danger"})


@dataclass(frozen=True)
class Read:
    """One sentence: what it is, how it was read, the alternatives, and the screen's level."""

    truth: str
    read: str
    others: tuple[str, ...]
    level: str


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1 over `count` sentences.

    Attributes:
        right: Read as what it is.
        best_two: What it is, is the reading or the first alternative.
        asked: We asked instead of guessing.
        right_unless_asked: Right, among those where we did not ask.
    """

    count: int
    right: float
    best_two: float
    asked: float
    right_unless_asked: float


def figures(reads: Iterable[Read]) -> Figures:
    """The figures of some sentences; at least one is needed."""
    reads = list(reads)
    count = len(reads)
    right = sum(r.truth == r.read for r in reads)
    two = sum(r.truth in (r.read, *r.others[: 2 if r.read == ASKED else 1]) for r in reads)
    asked = sum(r.read == ASKED for r in reads)
    return Figures(count, right / count, two / count, asked / count, right / max(count - asked, 1))


def by_topic(reads: Iterable[Read]) -> dict[str, Figures]:
    """The figures of each topic, and of all."""
    reads = list(reads)
    topic_of = {name: topic for topic, names in TOPICS.items() for name in names}
    groups: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        groups[topic_of[read.truth]].append(read)
    return {**{topic: figures(groups[topic]) for topic in TOPICS if groups[topic]}, "all": figures(reads)}


def confusions(reads: Iterable[Read], most: int = 15) -> list[tuple[str, str, int]]:
    """What is most often taken for what."""
    pairs = Counter((r.truth, r.read) for r in reads if r.read not in (r.truth, ASKED))
    return [(truth, read, count) for (truth, read), count in pairs.most_common(most)]


def danger_heard(reads: Iterable[Read]) -> tuple[int, int]:
    """Of the crisis sentences: how many the screen or the classifier heard, and how many there are."""
    crisis = [r for r in reads if r.truth in CRISIS]
    return sum(r.level in SCREENED or r.read in CRISIS for r in crisis), len(crisis)


def false_danger(reads: Iterable[Read]) -> tuple[int, int]:
    """Of the other sentences: how many the screen or the classifier took for a crisis, and how many there are.

    Sentences about being about to use count as others only for the classifier: there the screen speaks rightly.
    """
    others = [r for r in reads if r.truth not in CRISIS]
    wrong = [r for r in others if r.read in CRISIS or (r.level in SCREENED and r.truth != "about_to_use")]
    return len(wrong), len(others)
