"""Keeps Rasa's dialogue in step with the safety screen: danger interrupts everything, a form included.

Responsible for: deciding that the safety action comes next. Not here: judging the message (bot.safety, before Rasa is
asked) and what is said (actions). A rule cannot do this: Rasa continues an active form before it looks at any rule.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.safety.content import load_screen
from bot.safety.screen import Screen

ACTION_SAFETY = "action_safety"
ACTION_CRISIS_STEP = "action_crisis_step"
GRAVE = frozenset({"urgent", "danger"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(Policy):
    """Predicts, with certainty, the safety action while the last message is urgent or dangerous.

    The chain is: leave the form if there is one, `action_safety` once, then listen. While the crisis lasts (the slot
    `crisis_kind`), every further message goes to `action_crisis_step` in the same way. The level comes with the message
    (`metadata["context"]["safety_level"]`); where none comes with it, as in `rasa shell`, the text is screened here.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Far above every policy of Rasa's own."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """Nothing is learnt, from stories or from rules."""
        return SupportedData.ML_AND_RULE_DATA

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        """Make the policy."""
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._store, self._resource_kept = model_storage, resource

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn; leaves a place in the model, so that loading finds one."""
        with self._store.write_to(self._resource_kept):
            return self._resource_kept

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next step of the chain, or no opinion."""
        events = _since_message(tracker)
        scores = self._default_predictions(domain)
        action = None if events is None else self._action(tracker, events)
        if action is None:
            return self._prediction(scores)
        scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores, is_no_user_prediction=True)

    def _action(self, tracker: DialogueStateTracker, events: list[Event]) -> str | None:
        """What must come next for safety's sake; None leaves it to the rules."""
        done = {event.action_name for event in events if isinstance(event, ActionExecuted)}
        if self._is_grave(tracker):
            return _next_step(tracker, done, ACTION_SAFETY)
        in_crisis = tracker.slots["crisis_kind"].value if "crisis_kind" in tracker.slots else None
        if ACTION_CRISIS_STEP in done or (in_crisis and not done - {ACTION_DEACTIVATE_LOOP_NAME}):
            return _next_step(tracker, done, ACTION_CRISIS_STEP)
        return None

    def _is_grave(self, tracker: DialogueStateTracker) -> bool:
        message = tracker.latest_message
        context = ((message.metadata if message else None) or {}).get("context")
        if context is not None:
            return context.get("safety_level") in GRAVE
        text = (message.text if message else None) or ""
        # our own buttons and the intents of written stories are no one's words
        return bool(text) and not text.startswith("/") and self._screen.assess(text).level.name.lower() in GRAVE

    @cached_property
    def _screen(self) -> Screen:
        return load_screen(Path(__file__).parent.parent / "content" / "safety")


def _since_message(tracker: DialogueStateTracker) -> list[Event] | None:
    after: list[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return after
        after.append(event)
    return None


def _next_step(tracker: DialogueStateTracker, done: set[str], answer: str) -> str:
    if tracker.active_loop_name and ACTION_DEACTIVATE_LOOP_NAME not in done:
        return ACTION_DEACTIVATE_LOOP_NAME
    return ACTION_LISTEN_NAME if answer in done else answer
