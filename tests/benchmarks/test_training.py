"""What the stock model is made of: the starter as it is, and a name that changes with its inputs."""

from __future__ import annotations

import yaml

from benchmarks import training


def epochs(text: str) -> set[int]:
    config = yaml.safe_load(text)
    return {part["epochs"] for part in (*config["pipeline"], *config["policies"]) if "epochs" in part}


def names(text: str, where: str) -> list[str]:
    return [part["name"] for part in yaml.safe_load(text)[where]]


def test_the_starter_is_trained_as_it_comes() -> None:
    text = training.stock_config(training.DEFAULT_EPOCHS)
    assert epochs(text) == {100}
    assert names(text, "policies") == ["MemoizationPolicy", "RulePolicy", "UnexpecTEDIntentPolicy", "TEDPolicy"]


def test_other_epochs_change_nothing_but_epochs() -> None:
    plain, short = training.stock_config(training.DEFAULT_EPOCHS), training.stock_config(2)
    assert epochs(short) == {2}
    assert names(short, "pipeline") == names(plain, "pipeline")


def test_a_model_is_known_by_what_it_is_made_of() -> None:
    assert training.digest("a") == training.digest("a")
    assert training.digest("a") != training.digest("b")
