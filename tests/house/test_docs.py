"""The documentation cannot lie: settings, commands, intents and paths are held against the code."""

from __future__ import annotations

import re
from pathlib import Path

from bot.library.intents import INTENTS
from bot.settings import Settings


def test_every_setting_is_described(root: Path) -> None:
    text = (root / "docs" / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"NIGHTLIGHT_{name.upper()}" not in text]
    assert missing == []


def test_every_word_of_the_makefile_is_in_the_readme(root: Path) -> None:
    words = re.findall(r"^([a-z-]+):.*## ", (root / "Makefile").read_text(), re.MULTILINE)
    readme = (root / "README.md").read_text()
    assert [word for word in words if f"make {word}" not in readme and word != "words"] == []


def test_every_path_in_the_front_pages_exists(root: Path) -> None:
    for page in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (root / page).read_text()
        for path in re.findall(r"`((?:bot|actions|data|docs|tests|tools|benchmarks|requirements)/[\w./-]*)`", text):
            assert (root / path).exists(), f"{page} names {path}"


def test_every_intent_is_in_the_domain_and_in_the_data(root: Path) -> None:
    domain = (root / "domain.yml").read_text()
    data = {path.stem for path in (root / "data" / "nlu").rglob("*.yml")}
    assert [intent for intent in INTENTS if f"  - {intent}\n" not in domain] == []
    assert data == INTENTS


def test_every_part_that_an_action_says_is_written(root: Path) -> None:
    from datetime import date

    from bot.library.load import load_library

    messages = load_library(root / "bot" / "content", date(2026, 11, 25)).messages
    said = re.compile(r'\.say\("(\w+)"(?:, "(\w+)")?')
    for path in (root / "actions").glob("*.py"):
        for message, part in said.findall(path.read_text()):
            assert message in messages, f"{path.name} says {message}"
            assert not part or part in messages[message].parts, f"{path.name} says {message}.{part}"
