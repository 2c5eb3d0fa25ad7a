"""The Rasa components, trained on a handful of sentences and asked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="needs the brain's environment")
pytestmark = [pytest.mark.rasa, pytest.mark.usefixtures("rasa_ready")]

TAUGHT = {
    "craving_now": [
        "i want to use so bad",
        "craving heroin right now",
        "the urge is killing me",
        "all i think about is dope",
    ],
    "ask_find_meeting": [
        "where is a meeting",
        "find me an na meeting",
        "any meetings tonight near me",
        "how do i find a group",
    ],
    "thanks": ["thanks", "thank you so much", "ty that helped", "appreciate it"],
    "out_of_scope": ["what is the capital of france", "play some music", "how do i bake bread", "who won the game"],
}


def messages(texts, intent=None):
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message

    return [Message(data={TEXT: text, **({INTENT: intent} if intent else {})}) for text in texts]


def training_data():
    from rasa.shared.nlu.training_data.training_data import TrainingData

    # three times over, so that three folds can be held out
    return TrainingData([m for name, texts in TAUGHT.items() for m in messages([*texts, *texts, *texts], name)])


@pytest.fixture
def storage(tmp_path: Path):
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    return LocalModelStorage.create(tmp_path), Resource("classifier")


@pytest.fixture(scope="module")
def featurizer(encoder_folder: Path):
    return make_featurizer(encoder_folder)


def make_featurizer(folder: Path):
    from bot.nlu.featurizer import SentenceFeaturizer

    config = {**SentenceFeaturizer.get_default_config(), "folder": str(folder)}
    return SentenceFeaturizer("sentences", config)


def classify(classifier, featurizer, text: str):
    (message,) = classifier.process(featurizer.process(messages([text])))
    return message


@pytest.fixture
def classifier(storage, featurizer):
    from bot.nlu.classifier import IntentClassifier

    made = IntentClassifier(IntentClassifier.get_default_config(), *storage)
    made.train(featurizer.process_training_data(training_data()))
    return made


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i really need to get high", "craving_now"),
        ("is there a group i can go to", "ask_find_meeting"),
        ("thx", "thanks"),
    ],
)
def test_reads_a_sentence_it_was_not_taught(classifier, featurizer, text: str, intent: str) -> None:
    message = classify(classifier, featurizer, text)
    assert message.get("intent")["name"] == intent
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get("intent")
    assert len(ranking) <= 5
    assert all(one["confidence"] >= two["confidence"] for one, two in pairwise(ranking))


def test_a_loaded_model_answers_the_same(classifier, featurizer, storage) -> None:
    from bot.nlu.classifier import IntentClassifier

    again = IntentClassifier.load(IntentClassifier.get_default_config(), *storage, None)
    for text in ("want dope", "meeting?", "", "🙂"):
        assert classify(again, featurizer, text).get("intent") == classify(classifier, featurizer, text).get("intent")


def test_training_twice_gives_the_same_numbers(classifier, featurizer, storage) -> None:
    before = {name: array.copy() for name, array in classifier._model.arrays.items()}
    classifier.train(featurizer.process_training_data(training_data()))
    assert all(np.array_equal(before[name], array) for name, array in classifier._model.arrays.items())


def test_without_the_encoder_it_still_reads(storage, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from bot.nlu.classifier import IntentClassifier

    bare = make_featurizer(tmp_path / "nowhere")
    assert "WITHOUT THE SENTENCE ENCODER" in caplog.text
    made = IntentClassifier(IntentClassifier.get_default_config(), *storage)
    made.train(bare.process_training_data(training_data()))
    assert classify(made, bare, "thank you").get("intent")["name"] == "thanks"


def test_nothing_said_has_no_intent(classifier, featurizer) -> None:
    assert classify(classifier, featurizer, "  ").get("intent") == {"name": None, "confidence": 0.0}


def test_two_close_readings_are_noted(classifier, featurizer) -> None:
    classifier._model.about["unclear"] = 0.0
    noted = classify(classifier, featurizer, "meeting or dope").get("unclear")
    assert len(noted["between"]) == 2


def test_what_is_like_nothing_taught_is_out_of_scope(classifier, featurizer) -> None:
    classifier._config = {**classifier._config, "nearest": 0.99}
    assert classify(classifier, featurizer, "zxqv brrp").get("intent")["name"] == "out_of_scope"


def test_a_changed_encoder_is_not_used(tmp_path: Path, encoder_folder: Path) -> None:
    from bot.nlu.encoder import BadEncoder, Encoder

    for name in ("encoder.onnx", "encoder.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((encoder_folder / name).read_bytes())
    with (tmp_path / "encoder.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BadEncoder, match="not the file"):
        Encoder(tmp_path)


def test_a_sentence_means_the_same_alone_and_among_others(encoder_folder: Path) -> None:
    from bot.nlu.encoder import Encoder

    encoder = Encoder(encoder_folder)
    texts = ["hi", "my sponsor stopped answering and i cant sleep", "7", "x" * 5_000]
    assert np.array_equal(encoder.encode_all(texts), np.stack([encoder.encode(text) for text in texts]))


@pytest.fixture(scope="module")
def read_entities():
    spacy = pytest.importorskip("spacy")
    from rasa.nlu.constants import SPACY_DOCS
    from rasa.shared.nlu.constants import TEXT

    from bot.nlu.entities import EntityReader
    from tools.build_spacy import build

    nlp, reader = build(None), EntityReader()
    assert spacy

    def read(text: str) -> list[tuple[str, str]]:
        (message,) = messages([text])
        message.set(SPACY_DOCS[TEXT], nlp(text))
        (message,) = reader.process([message])
        found = message.get("entities", [])
        assert all(text[one["start"] : one["end"]] == one["text"] for one in found)
        return [(one["entity"], one["value"]) for one in found]

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "My PO said SUBS or rehab",
            [("person", "your probation officer"), ("treatment", "buprenorphine"), ("treatment", "rehab")],
        ),
        ("i used last night", [("time", "last night")]),
        ("stopped going to meetings 3 wks ago", [("treatment", "meetings"), ("duration", "3 weeks")]),
        ("im in ohio", [("region", "US")]),
        ("tell us more", []),
        ("9 in the evening", [("time", "21:00")]),
        ("a friend told me", []),
        ("my mom", [("person", "your mom")]),
        ("mom", [("person", "your mom")]),
        ("call me Sam", [("name", "Sam")]),
        ("fent is everywhere in my old neighborhood", [("substance", "fentanyl"), ("place", "your old neighborhood")]),
    ],
)
def test_entities(read_entities, text: str, expected: list[tuple[str, str]]) -> None:
    assert read_entities(text) == expected
