"""Rasa for the tests of its components: without TensorFlow, with the built encoder."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

ENCODER = Path("models/encoder")


@pytest.fixture(scope="session")
def rasa_ready() -> None:
    """Rasa imported as the brain imports it. Its imports warn about their own future; ours may not."""
    pytest.importorskip("rasa", reason="needs the brain's environment")
    from bot.brain.without_tensorflow import install

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        install()
        import bot.nlu.classifier
        import bot.nlu.entities
        import bot.nlu.featurizer
        import bot.nlu.safety_policy  # noqa: F401


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The built encoder; made by `make train`."""
    if not (ENCODER / "encoder.json").exists():
        pytest.skip("no encoder is built")
    return ENCODER
