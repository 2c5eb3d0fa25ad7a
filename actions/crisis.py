"""After the first words: one step per message, until the person is past it or turns to something else.

The first words themselves are the app's (bot/content/safety, sent before the brain is asked). Here the dialogue
follows: a form is left, the next step is given, and a danger that only the classifier saw gets its first words too.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import memory
from actions.routes import CRISIS, answer_intent, begin_crisis, who_is_in_danger
from actions.talk import Talk
from bot.library.intents import TOPICS
from bot.safety import KindContent, Step
from bot.safety.steps import way_on
from bot.turns import Choice

Events = list[dict[str, Any]]
FORM_SLOTS = ("requested_slot", "craving_rating", "lapse_safe", "lapse_naloxone", "tries", "flow_left", "wants_number")
ENDS_ANY = frozenset({"feeling_ok", "goodbye", "start_over", "delete_my_data"})
OF_THE_BODY = frozenset({"overdose_now", "medical_emergency"})
TURNS_ELSEWHERE = ENDS_ANY | {name for name in TOPICS["questions"] if name not in ("ask_after_lapse", "ask_find_help")}
SURE = 0.75
"""How surely a message must be about something else before the steps are left; less is read as an answer to them."""


class ActionSafety(Action):
    """Note the danger and leave any form. The first words stand alone, so the steps begin with the next message."""

    def name(self) -> str:
        return "action_safety"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        kind, heard = _what(talk)
        content = memory.kind_content(kind)
        before = talk.slot("crisis_kind")
        talk.clear(*FORM_SLOTS)
        if content is None or (before is None and not heard):
            answer_intent(talk, talk.intent)
        elif before == kind:
            _go_on(talk, content)
        elif before == "suicide" and kind == "about_to_use":
            _give(talk, _by_id(memory.kind_content("suicide") or content, "self", "not-use"))
        else:
            begin_crisis(talk, content, who_is_in_danger(talk, kind))
        return talk.events()


class ActionCrisisStep(Action):
    """The next step of an emergency, by what the person answered."""

    def name(self) -> str:
        return "action_crisis_step"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        kind = talk.slot("crisis_kind") or ""
        content = memory.kind_content(kind)
        if talk.intent.startswith("EXTERNAL_"):
            return talk.events()
        if content is None or _is_over(talk, kind):
            _leave(talk, kind)
        elif talk.intent == "talk_to_human":
            answer_intent(talk, "talk_to_human")
        else:
            _go_on(talk, content)
        return talk.events()


def _what(talk: Talk) -> tuple[str, bool]:
    """The kind, and whether a screen heard it: the app's, else the same screen here; else as the classifier read it."""
    if talk.context.safety_level in ("urgent", "danger"):
        return talk.context.safety_kind, True
    seen = memory.screen().assess(talk.text)
    heard = seen.level.text in ("urgent", "danger")
    return (seen.kind if heard else CRISIS.get(talk.intent, "none")), heard


def _is_over(talk: Talk, kind: str) -> bool:
    """True when the person has clearly turned to something else; while a body is in danger almost nothing is that."""
    elsewhere = ENDS_ANY if kind in OF_THE_BODY else TURNS_ELSEWHERE
    return talk.intent in elsewhere and (talk.pressed or talk.confidence >= SURE)


def _leave(talk: Talk, kind: str) -> None:
    """Let them go on to something else; somebody who spoke of dying hears the line once more."""
    if kind == "suicide" and talk.intent == "goodbye":
        talk.say("after_crisis", "before_you_go")
    else:
        answer_intent(talk, talk.intent)
    _over(talk)


def _go_on(talk: Talk, content: KindContent) -> None:
    steps = _next_of(talk, content, talk.slot("crisis_who") or "self")
    if steps:
        _give(talk, steps)
    else:
        _over(talk)
        talk.say("after_crisis")


def _next_of(talk: Talk, content: KindContent, who: str) -> tuple[Step, ...]:
    """The step that the answer leads to; a step that asks is asked again when the answer is unclear."""
    steps = content.steps_for(who)
    ids = [step.id for step in steps]
    now = talk.slot("crisis_step")
    if now not in ids:
        return steps[:1]
    here = steps[ids.index(now)]
    go = talk.value("answer") or way_on(here, talk.text) or _by_intent(talk, here)
    if go in ids:
        return (steps[ids.index(go)],)
    return (here,) if here.choices else steps[ids.index(now) + 1 : ids.index(now) + 2]


def _by_id(content: KindContent, who: str, step_id: str) -> tuple[Step, ...]:
    return tuple(step for step in content.steps_for(who) if step.id == step_id)


def _by_intent(talk: Talk, step: Step) -> str | None:
    """Choices stand as good news, bad news: a typed yes is the first, a no or more danger is the second."""
    if len(step.choices) < 2:
        return None
    if talk.intent == "affirm":
        return step.choices[0].go
    return step.choices[1].go if talk.intent == "deny" or talk.intent in CRISIS else None


def _give(talk: Talk, steps: tuple[Step, ...]) -> None:
    for step in steps:
        choices = tuple(Choice(c.title, f'/inform{{"answer": "{c.go}"}}') for c in step.choices)
        talk.say_text(step.words(talk.numbers()), choices)
        talk.set("crisis_step", step.id)
        if not choices:
            talk.clear("offered")  # what was asked before is no longer open
        if step.last:
            _over(talk)


def _over(talk: Talk) -> None:
    talk.clear("crisis_kind", "crisis_who", "crisis_step")
