"""The real library, and a small content folder that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.library import Library, read_library

CONTENT = Path(__file__).parents[2] / "bot" / "content"
TODAY = date(2026, 11, 25)

GUIDANCE = """\
id: isolating
topic: warning_signs
title: Pulling away
audience: self
reflect:
  - "One."
  - "Two."
  - "Three."
  - "{duration} is a while."
  - text: "It's late."
    when: [night]
helps: ["Help one.", "Help two.", "Help three.", "Help {person}."]
step_now: ["Step one.", "Step two.", "Step three.", "Step four."]
ask: ["Ask one?", "Ask two?", "Ask three?"]
choices:
  - {title: Find a meeting, to: ask_find_meeting}
  - {title: Talk to a person, to: talk_to_human}
short: ["Short one.", "Short two.", "Short three.", "Short four, {name}."]
why: ["Why one.", "Why two."]
more: ["More one.", "More two.", "More three.", "More four."]
reach: peer
naloxone: false
sources: [helplines]
tag: article
correction: null
reviewed: null
expires_on: 2027-11-25
"""


@pytest.fixture(scope="session")
def library() -> Library:
    """What is really said; its mistakes are the business of test_content."""
    return read_library(CONTENT, TODAY)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The real helplines and voice, one source, one entry of guidance, no messages."""
    for name in ("helplines", "voice.yml", "article_runs.txt"):
        copy = shutil.copytree if (CONTENT / name).is_dir() else shutil.copy
        copy(CONTENT / name, tmp_path / name)
    (tmp_path / "guidance" / "warning_signs").mkdir(parents=True)
    (tmp_path / "messages").mkdir()
    (tmp_path / "guidance" / "warning_signs" / "isolating.yml").write_text(GUIDANCE, encoding="utf-8")
    source = "{kind: registry, title: Lines, shown: our list, checked_on: 2026-11-25}"
    (tmp_path / "sources.yml").write_text(f"sources:\n  helplines: {source}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str], Path]:
    """Replace a piece of the entry, once; gives the file."""

    def replace(old: str, new: str) -> Path:
        path = folder / "guidance" / "warning_signs" / "isolating.yml"
        words = path.read_text(encoding="utf-8")
        assert words.count(old) >= 1
        path.write_text(words.replace(old, new, 1), encoding="utf-8")
        return path

    return replace
