"""After the first words: one step per message, until the person is past it or turns to something else.

The first words themselves are the app's (bot/content/safety, sent before the brain is asked). Here the dialogue
follows: a form is left, the next step is given, and a danger that only the classifier saw gets its first words too.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import memory
from actions.routes import CRISIS, answer_intent
from actions.talk import Talk
from bot.safety import KindContent, Step
from bot.turns import Choice

Events = list[dict[str, Any]]
FORM_SLOTS = ("requested_slot", "craving_rating", "lapse_safe", "lapse_naloxone", "tries", "flow_left", "wants_number")
GOES_ON = frozenset({"affirm", "deny", "inform", "nlu_fallback", "out_of_scope", "chitchat", "greet", "repeat",
                     "intense_emotions", "out_of_control", "insult", "pause"})  # fmt: skip
"""Read as part of the emergency, whatever else they might mean."""


class ActionSafety(Action):
    """Note the danger and leave any form. The first words stand alone, so the steps begin with the next message."""

    def name(self) -> str:
        return "action_safety"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        kind, who = _what(talk)
        content = memory.kind_content(kind)
        talk.clear(*FORM_SLOTS)
        if content is None:
            answer_intent(talk, talk.intent)
            return talk.events()
        known = talk.slot("crisis_kind") == kind
        if not talk.context.answered_by_safety:
            _first_words(talk, content, who)
        talk.set("crisis_kind", kind)
        talk.set("crisis_who", who)
        talk.set("topic", None)
        if known:
            _give(talk, content, _next_of(talk, content, who))
        else:
            said = [step.id for step in content.steps_for(who)[:1] if step.in_first]
            talk.set("crisis_step", said[0] if said else None)
        return talk.events()


class ActionCrisisStep(Action):
    """The next step of an emergency, by what the person answered."""

    def name(self) -> str:
        return "action_crisis_step"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        content = memory.kind_content(talk.slot("crisis_kind") or "")
        if talk.intent.startswith("EXTERNAL_"):
            return talk.events()
        if content is None or talk.intent not in GOES_ON:
            _over(talk)
            answer_intent(talk, talk.intent)
            return talk.events()
        steps = _next_of(talk, content, talk.slot("crisis_who") or "self")
        if steps:
            _give(talk, content, steps)
        else:
            _over(talk)
            talk.say("after_crisis", offer=True)
        return talk.events()


def _what(talk: Talk) -> tuple[str, str]:
    """Kind and who: as the app's screen saw it, else as the screen sees it here, else as the classifier read it."""
    if talk.context.safety_level in ("urgent", "danger"):
        return talk.context.safety_kind, memory.screen().assess(talk.text).who
    seen = memory.screen().assess(talk.text)
    if seen.level.text in ("urgent", "danger"):
        return seen.kind, seen.who
    return CRISIS.get(talk.intent, "none"), seen.who


def _first_words(talk: Talk, content: KindContent, who: str) -> None:
    for words in content.first_words(who, talk.numbers()):
        talk.say_text(words)
    talk.command("open_escalation", kind=content.kind, level="urgent", because=["read so by the classifier"])


def _next_of(talk: Talk, content: KindContent, who: str) -> tuple[Step, ...]:
    """The step that the answer leads to; without a clear answer the next in the list."""
    steps = content.steps_for(who)
    ids = [step.id for step in steps]
    now = talk.slot("crisis_step")
    if now not in ids:
        return steps[:1]
    here = steps[ids.index(now)]
    go = talk.value("answer") or _by_yes_or_no(talk, here)
    if go in ids:
        return (steps[ids.index(go)],)
    if go == "end":
        return ()
    return steps[ids.index(now) + 1 : ids.index(now) + 2]


def _by_yes_or_no(talk: Talk, step: Step) -> str | None:
    """A typed yes or no is the first or the second choice of a step that asks."""
    if len(step.choices) < 2 or talk.intent not in ("affirm", "deny"):
        return None
    return step.choices[0 if talk.intent == "affirm" else 1].go


def _give(talk: Talk, content: KindContent, steps: tuple[Step, ...]) -> None:
    for step in steps:
        choices = tuple(Choice(c.title, f'/inform{{"answer": "{c.go}"}}') for c in step.choices)
        talk.say_text(step.words(talk.numbers()), choices)
        talk.set("crisis_step", step.id)


def _over(talk: Talk) -> None:
    talk.clear("crisis_kind", "crisis_who", "crisis_step")
