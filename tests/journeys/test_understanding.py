"""Sentences that nobody trained on, through the brain and the screen. The floors may only rise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.evaluation.coverage import examples
from bot.evaluation.understanding import Read, by_topic, danger_heard, false_danger
from tests.journeys.conftest import needs_brain

pytestmark = [pytest.mark.rasa, pytest.mark.slow]

RIGHT, BEST_TWO = 0.80, 0.88
DANGER_HEARD, FALSE_DANGER = 0.95, 0.03
GRAVER_FIRST = 0.60


def understand(root: Path, folder: Path, items: dict[str, str]) -> dict[str, dict[str, object]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in items.items()))
    subprocess.run([sys.executable, "-m", "bot", "understand", source, target], cwd=root, check=True)
    return {line["id"]: line for line in map(json.loads, target.read_text().splitlines())}


@pytest.fixture(scope="module")
def reads(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Read]:
    needs_brain()
    files = sorted((root / "tests" / "understanding").rglob("*.yml"))
    items = {f"{path.stem}/{i}": text for path in files for i, text in enumerate(examples(path))}
    out = understand(root, tmp_path_factory.mktemp("understand"), items)
    return [
        Read(key.split("/")[0], line["intent"], tuple(a["intent"] for a in line["alternatives"]), level)
        for key, line in out.items()
        for level in [line["safety"]["level"]]
    ]


def test_people_are_understood(reads: list[Read]) -> None:
    found = by_topic(reads)
    print(*(f"{topic}: {f}" for topic, f in found.items()), sep="\n")  # noqa: T201 - shown with -s
    assert found["all"].right >= RIGHT
    assert found["all"].best_two >= BEST_TWO


def test_danger_is_heard_by_the_screen_or_the_classifier(reads: list[Read]) -> None:
    heard, count = danger_heard(reads)
    assert heard / count >= DANGER_HEARD, (heard, count)


def test_ordinary_talk_is_not_taken_for_danger(reads: list[Read]) -> None:
    wrong, count = false_danger(reads)
    assert wrong / count <= FALSE_DANGER, (wrong, count)


def test_every_reading_has_the_promised_form(root: Path, tmp_path: Path) -> None:
    needs_brain()
    line = understand(root, tmp_path, {"a": "3 months on suboxone and my sponsor wont call"})["a"]
    assert set(line) == {"id", "intent", "confidence", "alternatives", "entities", "safety"}
    assert {"duration", "treatment", "person"} <= {entity["entity"] for entity in line["entities"]}
    assert set(line["safety"]) == {"kind", "level", "because"}


def test_of_two_things_in_a_message_the_graver_is_answered_first(root: Path, tmp_path: Path) -> None:
    needs_brain()
    messages = yaml.safe_load((root / "tests" / "journeys" / "two_things.yml").read_text())["messages"]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": str(i), "messages": [message["text"]]} for i, message in enumerate(messages)]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    subprocess.run([sys.executable, "-m", "bot", "answer", source, target], cwd=root, check=True)
    answers = [json.loads(line)["turns"][0] for line in target.read_text().splitlines()]
    first = [
        a["intent"] == m["first"] or (a["safety"]["level"] in ("urgent", "danger") and m["first"] != m["second"])
        for a, m in zip(answers, messages, strict=True)
    ]
    assert all(answer["replies"] for answer in answers)
    assert sum(first) / len(first) >= GRAVER_FIRST, f"{sum(first)} of {len(first)}"
