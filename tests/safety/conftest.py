from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety import Screen, load_screen

CONTENT = Path(__file__).resolve().parents[2] / "bot" / "content" / "safety"


@pytest.fixture(scope="session")
def screen() -> Screen:
    return load_screen(CONTENT)
