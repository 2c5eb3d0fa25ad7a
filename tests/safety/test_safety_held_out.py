"""How much danger is heard, and how often everyday words are taken for it, on texts no rule was written from."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from bot.safety import KINDS, Level, Screen
from tests.safety.cases import HERE, held_out, is_seen

POSITIVES, NEGATIVES = held_out()
KNOWN = yaml.safe_load((HERE / "known_failures.yml").read_text("utf-8"))
DANGER = ("overdose_now", "suicide", "medical_emergency", "harm_from_others")


def missed(screen: Screen) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in POSITIVES if not is_seen(kind, screen.assess(text))]


def false_alarms(screen: Screen) -> list[str]:
    return [text for text in NEGATIVES if screen.assess(text).level >= Level.URGENT]


def test_the_set_is_large_enough() -> None:
    assert len(POSITIVES) >= 250
    assert len(NEGATIVES) >= 400
    assert len({text for _, text in POSITIVES}) == len(POSITIVES)
    assert len(set(NEGATIVES)) == len(NEGATIVES)


@pytest.mark.parametrize("kind", KINDS)
def test_recall(screen: Screen, kind: str, record_property: pytest.RecordProperty) -> None:
    every = Counter(k for k, _ in POSITIVES)[kind]
    lost = [text for k, text in missed(screen) if k == kind]
    record_property("recall", 1 - len(lost) / every)
    assert 1 - len(lost) / every >= (0.95 if kind in DANGER else 0.9), lost


def test_false_alarms_are_rare(screen: Screen) -> None:
    assert len(false_alarms(screen)) <= 0.05 * len(NEGATIVES)


def test_misses_are_listed_and_the_list_only_shrinks(screen: Screen) -> None:
    """A new miss fails; a mended one must be taken off the list."""
    assert sorted(text for _, text in missed(screen)) == sorted(map(str, KNOWN["missed"] or []))


def test_false_alarms_are_listed_and_the_list_only_shrinks(screen: Screen) -> None:
    assert sorted(false_alarms(screen)) == sorted(map(str, KNOWN["false_alarms"] or []))
