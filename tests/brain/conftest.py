"""The trained brain, loaded once for all tests that talk to it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

rasa_sdk = pytest.importorskip("rasa_sdk", reason="the brain runs in its own environment (make test-rasa)")

from bot.brain.without_tensorflow import install  # noqa: E402

install()


@pytest.fixture(scope="session")
def mind():
    """The brain with the model that NIGHTLIGHT_BRAIN_MODEL names."""
    from rasa.utils.log_utils import configure_structlog

    from bot.brain.mind import Mind

    configure_structlog(logging.WARNING)
    return Mind(Path(os.environ["NIGHTLIGHT_BRAIN_MODEL"]))
