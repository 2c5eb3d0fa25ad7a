"""Gives Rasa the intent of a message, a ranking, and a note when two readings lie close together.

Responsible for: the Rasa component around intent_model. It reads the message in plain words, and the encoder's
features where there are any; it writes `intent`, `intent_ranking` (five) and, for a doubtful message, `unclear`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_model
from bot.nlu.intent_model import IntentModel, Settings
from bot.nlu.normalise import Normaliser
from bot.nlu.words import FOLDER

log = logging.getLogger(__name__)

SHORTHAND = FOLDER / "shorthand.yml"
RANKED = 5
OUT_OF_SCOPE = "out_of_scope"
CRISIS = frozenset({"overdose_now", "suicide_risk", "medical_emergency", "harm_from_others", "minor_disclosed"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Reads the intent of each message.

    Config: the fields of intent_model.Settings (chosen by cross-validation) and
    `nearest`, the cosine under which a message is like nothing we were taught and counts as out of scope.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What cross-validation chose."""
        return {**vars(Settings()), "nearest": 0.25}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Names the word table and the model's own code, so that a change to either trains anew."""
        code = Path(intent_model.__file__)
        return hashlib.sha256(SHORTHAND.read_bytes() + code.read_bytes()).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Make the component, trained or not."""
        self._config, self._storage, self._resource, self._model = config, model_storage, resource, model
        self._plain = Normaliser.from_file(SHORTHAND)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Make an untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Read a trained one; numbers and text only, nothing that could run."""
        try:
            with model_storage.read_from(resource) as folder:
                about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
                with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
                    return cls(config, model_storage, resource, IntentModel(about, dict(arrays)))
        except (ValueError, OSError):
            log.error("The intent classifier is not trained: every message will be out of scope")
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the sentences of data/nlu and keep the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if len({example.get(INTENT) for example in examples}) < 2:
            log.warning("There are not two intents to tell apart; the intent classifier is not trained")
            return self._resource
        texts = [self._plain(example.get(TEXT)) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        settings = Settings(**{key: self._config[key] for key in vars(Settings())})
        self._model, held = intent_model.train(texts, labels, _meanings(examples), settings)
        log.info("%d sentences, %d intents, %.3f right on held-out ones", len(texts), len(set(labels)), held.accuracy)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking and, where two readings lie close, `unclear` to each message."""
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0] if ranking else _reading(None, 0.0), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
            if self._model and len(ranking) > 1:
                self._note_doubt(message, ranking)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT)
        if not self._model or not text or not text.strip():
            return []
        meanings = _meanings([message])
        meaning = None if meanings is None else meanings[0]
        chances = self._model.probabilities(self._plain(text), meaning)
        order = np.argsort(-chances, kind="stable")
        ranking = [_reading(self._model.labels[place], float(chances[place])) for place in order[: RANKED + 1]]
        return self._strange(meaning, ranking)

    def _strange(self, meaning: np.ndarray | None, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What is like nothing we were taught goes to out_of_scope, whatever the letters look like."""
        known = meaning is None or self._model.nearness(meaning) >= self._config["nearest"]
        # a strange way to say something grave is still grave
        settled = {OUT_OF_SCOPE} | CRISIS
        if known or OUT_OF_SCOPE not in self._model.labels or ranking[0][INTENT_NAME_KEY] in settled:
            return ranking
        rest = [reading for reading in ranking if reading[INTENT_NAME_KEY] != OUT_OF_SCOPE]
        shrunk = [_reading(r[INTENT_NAME_KEY], r[PREDICTED_CONFIDENCE_KEY] / 2) for r in rest]
        return [_reading(OUT_OF_SCOPE, 0.5), *shrunk]

    def _note_doubt(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        best, second = (reading[PREDICTED_CONFIDENCE_KEY] for reading in ranking[:2])
        if second >= self._model.about["unclear"] * best:
            between = [reading[INTENT_NAME_KEY] for reading in ranking[:2]]
            message.set("unclear", {"between": between, "ratio": round(second / best, 3)}, add_to_output=True)

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            about = json.dumps(self._model.about, ensure_ascii=False, sort_keys=True)
            (folder / "about.json").write_text(about, encoding="utf-8")
            np.savez(folder / "arrays.npz", **self._model.arrays)


def _reading(name: str | None, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}


def _meanings(messages: list[Message]) -> np.ndarray | None:
    """The encoder's vectors, one row a message; None when one of them has none."""
    features = [message.get_dense_features(TEXT, [])[1] for message in messages]
    if any(feature is None for feature in features):
        return None
    return np.vstack([feature.features for feature in features])
