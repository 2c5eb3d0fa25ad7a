"""Which of the intents a sentence is, with a probability that can be believed.

Responsible for: learning from labelled sentences, measuring itself on sentences it has not seen, and answering.
A linear model over what the sentence means (encoder) and how it is written (words and letters). Deterministic: the
same sentences give the same numbers. Not here: Rasa (classifier), files (classifier keeps `arrays` and `about`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

WRITTEN = (
    {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2, "sublinear_tf": True, "max_features": 20_000},
    {"ngram_range": (1, 3), "min_df": 2, "sublinear_tf": True, "token_pattern": r"[\w']+", "max_features": 10_000},
)
SEED = 20_231
FOLDS = 3


@dataclass(frozen=True)
class Settings:
    """What was chosen by cross-validation (docs/understanding.md): `c` of the regression, how far the letters count
    beside the meaning, how many directions of them are kept, and the most steps of the solver."""

    c: float = 5.0
    letters: float = 0.4
    directions: int = 300
    steps: int = 60


@dataclass(frozen=True)
class Held:
    """How the model did on sentences that were held out: true label, guessed label and the two best probabilities."""

    truth: np.ndarray
    guess: np.ndarray
    best: np.ndarray
    second: np.ndarray

    @property
    def accuracy(self) -> float:
        return float((self.truth == self.guess).mean())


class IntentModel:
    """A trained model. `about` is plain JSON, `arrays` are numpy arrays; together they are the model."""

    def __init__(self, about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        self.about, self.arrays = about, arrays
        self.labels: list[str] = about["labels"]
        self._written = [_vectorizer(n, about, arrays) for n in range(len(WRITTEN))]

    def probabilities(self, texts: Sequence[str], meanings: np.ndarray | None) -> np.ndarray:
        """One row a text, one column a label (`labels`), each row sums to 1; `meanings` from the encoder or None."""
        scores = self._letters(texts) @ self.arrays["letters"] + self.arrays["bias"]
        if meanings is not None and self.arrays["meaning"].size:
            scores = scores + meanings @ self.arrays["meaning"]
        return softmax(np.asarray(scores) / self.about["temperature"])

    def nearness(self, meaning: np.ndarray) -> float:
        """How close the closest intent lies, as a cosine from -1 to 1: low for what nobody taught us."""
        return float((self.arrays["centres"] @ meaning[: self.arrays["centres"].shape[1]]).max())

    def _letters(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([vectorizer.transform(texts) for vectorizer in self._written]).tocsr()


def train(texts: Sequence[str], labels: Sequence[str], meanings: np.ndarray | None, settings: Settings) -> tuple[IntentModel, Held]:
    """Learn from sentences; also says how it did on held-out ones. Minutes of work are a bug: about 30 s for 10,000."""
    names, truth = np.unique(np.asarray(labels), return_inverse=True)
    written = [TfidfVectorizer(dtype=np.float32, **options).fit(texts) for options in WRITTEN]
    letters = hstack([vectorizer.transform(texts) for vectorizer in written]).tocsr()
    svd = TruncatedSVD(min(settings.directions, letters.shape[1] - 1), random_state=SEED, n_iter=3)
    short = settings.letters * svd.fit_transform(letters).astype(np.float32)
    features = short if meanings is None else np.hstack([short, meanings.astype(np.float32)])
    held_scores = _held_out(features, truth, len(names), settings)
    temperature = _temperature(held_scores, truth)
    fitted = _fit(features, truth, settings)
    width = short.shape[1]
    arrays = {
        # the directions are folded into the weights, so that answering needs only the words themselves
        "letters": (svd.components_.T @ fitted.coef_[:, :width].T * settings.letters).astype(np.float32),
        "meaning": fitted.coef_[:, width:].T.astype(np.float32),
        "bias": fitted.intercept_.astype(np.float32),
        "centres": _centres(meanings, truth, len(names)),
        **{f"idf{n}": vectorizer.idf_.astype(np.float32) for n, vectorizer in enumerate(written)},
    }
    held = _held(softmax(held_scores / temperature), truth)
    about = {
        "labels": [str(name) for name in names],
        "temperature": temperature,
        "unclear": _unclear(held),
        "words": [[str(w) for w in vectorizer.get_feature_names_out()] for vectorizer in written],
        "held_out_accuracy": round(held.accuracy, 4),
    }
    return IntentModel(about, arrays), held


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores to probabilities, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def _fit(features: np.ndarray, truth: np.ndarray, settings: Settings) -> LogisticRegression:
    # balanced: an intent with 40 sentences may matter more than one with 160
    model = LogisticRegression(C=settings.c, class_weight="balanced", max_iter=settings.steps, tol=1e-3)
    return model.fit(features, truth)


def _held_out(features: np.ndarray, truth: np.ndarray, count: int, settings: Settings) -> np.ndarray:
    scores = np.zeros((len(truth), count), dtype=np.float64)
    for taught, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(features, truth):
        scores[asked] = _fit(features[taught], truth[taught], settings).decision_function(features[asked])
    return scores


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    def loss(log_t: float) -> float:
        chances = softmax(scores / np.exp(log_t))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def _held(chances: np.ndarray, truth: np.ndarray) -> Held:
    order = np.argsort(-chances, axis=1)[:, :2]
    best, second = np.take_along_axis(chances, order, axis=1).T
    return Held(truth, order[:, 0], best, second)


def _unclear(held: Held) -> float:
    """The share of the best probability from which the second best makes guessing wrong more often than right."""
    ratio, right = held.second / held.best, held.truth == held.guess
    for threshold in np.arange(0.3, 0.95, 0.05):
        close = ratio >= threshold
        if close.sum() < 30 or right[close].mean() < 0.5:
            return round(float(threshold), 2)
    return 0.95


def _centres(meanings: np.ndarray | None, truth: np.ndarray, count: int) -> np.ndarray:
    if meanings is None:
        return np.zeros((count, 0), dtype=np.float32)
    plain = meanings[:, :384]
    means = np.stack([plain[truth == label].mean(axis=0) for label in range(count)])
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)


def _vectorizer(number: int, about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> TfidfVectorizer:
    vocabulary = {word: place for place, word in enumerate(about["words"][number])}
    options = {key: value for key, value in WRITTEN[number].items() if key not in ("min_df", "max_features")}
    vectorizer = TfidfVectorizer(dtype=np.float32, vocabulary=vocabulary, **options)
    vectorizer.idf_ = arrays[f"idf{number}"]
    return vectorizer
