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
from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoder import MEANING
from bot.nlu.ngrams import READERS, Weigher
from bot.nlu.regression import fit

MOST_KNOWN = (20_000, 10_000)  # pieces, runs
SEED = 20_231
FOLDS = 3
WORTH_GUESSING = 0.45  # below this share of right guesses a question costs a person less than a wrong answer
LEAST_BAND = 30


@dataclass(frozen=True)
class Settings:
    """What was chosen by cross-validation (docs/understanding.md): `c` of the regression, how far the letters count
    beside the meaning, how many directions of each are kept, and the most steps of the solver."""

    c: float = 5.0
    letters: float = 0.7
    letter_directions: int = 600
    meaning_directions: int = 600
    steps: int = 45


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
        self._weighers = [Weigher(n, known, arrays[f"rarity{n}"]) for n, known in enumerate(about["words"])]

    def probabilities(self, text: str, meaning: np.ndarray | None) -> np.ndarray:
        """The chance of each label (`labels`), summing to 1; `meaning` from the encoder, or None without one."""
        scores = self.arrays["bias"].copy()
        for number, weigher in enumerate(self._weighers):
            scores += weigher.scores(text, self.arrays[f"grams{number}"])
        if meaning is not None and self.arrays["meaning"].size:
            scores += meaning @ self.arrays["meaning"]
        return softmax(scores[None] / self.about["temperature"])[0]

    def nearness(self, meaning: np.ndarray) -> float:
        """How close the closest intent lies, as a cosine from -1 to 1: low for what nobody taught us."""
        return float((self.arrays["centres"] @ meaning[: self.arrays["centres"].shape[1]]).max())


def train(
    texts: Sequence[str], labels: Sequence[str], meanings: np.ndarray | None, settings: Settings
) -> tuple[IntentModel, Held]:
    """Learn from sentences; also says how it did on held-out ones. About 20 s for 8,000 sentences on two cores."""
    names, truth = np.unique(np.asarray(labels), return_inverse=True)
    written = [_vectorizer(number).fit(texts) for number in range(len(READERS))]
    letters = hstack([vectorizer.transform(texts) for vectorizer in written]).tocsr()
    to_short = _letter_directions(letters, settings)
    to_meaning = _meaning_directions(meanings, settings)
    features = np.hstack([letters @ to_short, *([] if meanings is None else [meanings @ to_meaning])])
    held, temperature = _measure(features, truth, len(names), settings)
    weights = fit(features, truth, len(names), settings.c, settings.steps)
    width = to_short.shape[1]
    about = {
        "labels": [str(name) for name in names],
        "temperature": temperature,
        "unclear": _unclear(held),
        "words": [[str(gram) for gram in vectorizer.get_feature_names_out()] for vectorizer in written],
        "held_out_accuracy": round(held.accuracy, 4),
    }
    # the directions are folded into the weights, so that answering needs only the words and the meaning themselves
    grams = np.split((to_short @ weights[:width]).astype(np.float32), [len(about["words"][0])])
    arrays = {
        "meaning": (to_meaning @ weights[width:-1]).astype(np.float32),
        "bias": weights[-1],
        "centres": _centres(meanings, truth, len(names)),
        **{f"grams{number}": rows for number, rows in enumerate(grams)},
        **{f"rarity{number}": vectorizer.idf_.astype(np.float32) for number, vectorizer in enumerate(written)},
    }
    return IntentModel(about, arrays), held


def _letter_directions(letters: csr_matrix, settings: Settings) -> np.ndarray:
    kept = min(settings.letter_directions, min(letters.shape) - 1)
    svd = TruncatedSVD(kept, random_state=SEED, n_iter=3).fit(letters)
    return (settings.letters * svd.components_.T).astype(np.float32)


def _meaning_directions(meanings: np.ndarray | None, settings: Settings) -> np.ndarray:
    if meanings is None:
        return np.zeros((0, 0), dtype=np.float32)
    spread = np.cov(meanings, rowvar=False)
    _, directions = np.linalg.eigh(spread)
    return directions[:, ::-1][:, : settings.meaning_directions].astype(np.float32)


def _measure(features: np.ndarray, truth: np.ndarray, count: int, settings: Settings) -> tuple[Held, float]:
    """How the model does on sentences it was not taught, and the temperature that makes its certainty honest."""
    scores = np.zeros((len(truth), count))
    for taught, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(features, truth):
        weights = fit(features[taught], truth[taught], count, settings.c, settings.steps)
        scores[asked] = features[asked] @ weights[:-1] + weights[-1]
    temperature = _temperature(scores, truth)
    return _held(softmax(scores / temperature), truth), temperature


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores to probabilities, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


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
    """The share of the best probability from which the second best is close enough that asking beats guessing."""
    ratio, right = held.second / held.best, held.truth == held.guess
    for threshold in np.arange(0.3, 0.9, 0.05):
        band = (ratio >= threshold) & (ratio < threshold + 0.1)
        if band.sum() >= LEAST_BAND and right[band].mean() < WORTH_GUESSING:
            return round(float(threshold), 2)
    return 0.9


def _centres(meanings: np.ndarray | None, truth: np.ndarray, count: int) -> np.ndarray:
    if meanings is None:
        return np.zeros((count, 0), dtype=np.float32)
    plain = meanings[:, :MEANING]
    means = np.stack([plain[truth == label].mean(axis=0) for label in range(count)])
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)


def _vectorizer(number: int) -> TfidfVectorizer:
    most = MOST_KNOWN[number]
    return TfidfVectorizer(analyzer=READERS[number], min_df=2, sublinear_tf=True, max_features=most, dtype=np.float32)
