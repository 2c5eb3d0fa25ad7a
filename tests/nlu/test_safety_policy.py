"""Danger comes before everything that Rasa would do, a form included, and is answered once."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.rasa, pytest.mark.usefixtures("rasa_ready")]


@pytest.fixture
def ask(tmp_path):
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.safety_policy import SafetyPolicy

    domain = Domain.from_dict(
        {"intents": ["greet"], "actions": ["action_safety"], "forms": {"a_form": {"required_slots": []}}}
    )
    storage = LocalModelStorage.create(tmp_path)
    policy = SafetyPolicy.create(
        SafetyPolicy.get_default_config(), storage, Resource("safety"), ExecutionContext(GraphSchema({}), "model")
    )

    def chain(text: str, context: dict | None, loop: str | None = None) -> list[str]:
        tracker = DialogueStateTracker.from_events("someone", [], domain=domain)
        if loop:
            tracker.update(ActiveLoop(loop), domain)
        tracker.update(UserUttered(text, metadata={"context": context} if context else {}), domain)
        steps: list[str] = []
        while len(steps) < 5:
            prediction = policy.predict_action_probabilities(tracker, domain)
            if prediction.max_confidence < 1.0:
                break
            assert prediction.is_no_user_prediction
            assert prediction.policy_priority == 100
            steps.append(domain.action_names_or_texts[prediction.max_confidence_index])
            tracker.update(ActionExecuted(steps[-1]), domain)
            if steps[-1] == "action_deactivate_loop":
                tracker.update(ActiveLoop(None), domain)
            if steps[-1] == "action_listen":
                break
        return steps

    return chain


@pytest.mark.parametrize("level", ["urgent", "danger"])
def test_grave_messages_get_the_safety_action_once(ask, level: str) -> None:
    assert ask("words", {"safety_level": level}) == ["action_safety", "action_listen"]


def test_a_form_is_left_first(ask) -> None:
    steps = ask("words", {"safety_level": "danger"}, loop="a_form")
    assert steps == ["action_deactivate_loop", "action_safety", "action_listen"]


@pytest.mark.parametrize("level", ["none", "concern"])
def test_other_messages_are_left_to_others(ask, level: str) -> None:
    assert ask("i want to die", {"safety_level": level}) == []


def test_without_a_context_the_words_are_screened(ask) -> None:
    assert ask("i want to kill myself tonight", None) == ["action_safety", "action_listen"]
    assert ask("hello there", None) == []
    assert ask("/suicide_risk", None) == []
