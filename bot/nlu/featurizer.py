"""Gives Rasa the meaning of a message as numbers.

Responsible for: the sentence feature of `text`, by the encoder, from the message in plain words. Without a built
encoder it says so loudly and adds nothing; the classifier then works from the letters and words alone.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import WIDTH, BadEncoder, Encoder, digest
from bot.nlu.normalise import Normaliser
from bot.nlu.words import FOLDER

log = logging.getLogger(__name__)

SHORTHAND = FOLDER / "shorthand.yml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds what a message means, as `encoder.WIDTH` numbers, to the message.

    Config: `folder` of the built encoder, relative to where Rasa was started; `threads` per message.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The encoder's usual place, one thread."""
        return {**DenseFeaturizer.get_default_config(), "folder": "models/encoder", "threads": 1}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Names encoder and word table, so that a change to either trains the model anew."""
        folder = Path({**cls.get_default_config(), **config}["folder"])
        return f"{digest(folder)}-{hashlib.sha256(SHORTHAND.read_bytes()).hexdigest()}"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Make the component, at training and at start. Never raises for a missing encoder; the log says so."""
        return cls(execution_context.node_name, config)

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        """Load the encoder and the word table, once."""
        super().__init__(name, config)
        self._encoder = _encoder(Path(config["folder"]), config["threads"])
        self._plain = Normaliser.from_file(SHORTHAND)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the sentence feature to each message that has words."""
        spoken = [message for message in messages if message.get(TEXT)]
        if self._encoder and spoken:
            vectors = self._encoder.encode_all([self._plain(message.get(TEXT)) for message in spoken])
            for message, vector in zip(spoken, vectors, strict=True):
                message.add_features(Features(vector.reshape(1, WIDTH), FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training sentences."""
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the folder is checked when the encoder is loaded."""


def _encoder(folder: Path, threads: int) -> Encoder | None:
    try:
        return Encoder(folder, threads)
    except BadEncoder as error:
        log.error("WITHOUT THE SENTENCE ENCODER understanding is clearly worse. %s", error)
        return None
