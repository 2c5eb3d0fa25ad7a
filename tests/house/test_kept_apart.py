"""Training sentences and test sentences are kept apart, and no two intents claim the same sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import yaml

from bot.evaluation.coverage import examples

SHORT = 3
"""Up to so many words ("yes", "why not") people all write the same; those may be in both."""


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def sentences(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in folder.rglob("*.yml"):
        for text in examples(path):
            found[plain(text)].add(path.stem)
    return found


def test_no_test_sentence_is_trained_on(root: Path) -> None:
    trained = sentences(root / "data" / "nlu")
    held_out = set(sentences(root / "tests" / "understanding"))
    two = yaml.safe_load((root / "tests" / "journeys" / "two_things.yml").read_text())["messages"]
    held_out |= {plain(message["text"]) for message in two}
    assert sorted(text for text in held_out & set(trained) if len(text.split()) > SHORT) == []


def test_no_sentence_is_claimed_by_two_intents(root: Path) -> None:
    claimed = sentences(root / "data" / "nlu")
    assert {text: intents for text, intents in claimed.items() if text and len(intents) > 1} == {}


def test_every_intent_has_enough_examples(root: Path) -> None:
    least = {"warning_signs": 40, "states": 40, "questions": 40, "crisis": 40, "service": 20, "other": 20}
    thin = {
        path.stem: len(examples(path))
        for topic, count in least.items()
        for path in (root / "data" / "nlu" / topic).glob("*.yml")
        if len(set(examples(path))) < count
    }
    assert thin == {}
