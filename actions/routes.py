"""Which words answer which intent, when the intent alone decides.

Used by the plain actions and by every form that lets a person go on to something else.
"""

from __future__ import annotations

import re

from actions import memory
from actions.talk import Talk
from bot.safety import KindContent
from bot.safety.steps import plain
from bot.turns import Choice

CRISIS = {
    "overdose_now": "overdose_now",
    "suicide_risk": "suicide",
    "medical_emergency": "medical_emergency",
    "harm_from_others": "harm_from_others",
    "minor_disclosed": "minor",
}


PLAIN_HELP = frozenset(
    {
        "help",
        "help me",
        "pls help",
        "please help",
        "please help me",
        "i need help",
        "need help",
        "help please",
        "ayuda",
        "ayudame",
    }
)
BREAK = frozenset({"jail", "prison", "locked", "detox", "rehab", "released", "inside"})
MISSED = frozenset({"missed", "skipped", "stopped", "quit", "ran", "without"})
MEDICINE = frozenset(
    {"methadone", "suboxone", "subs", "sub", "bupe", "buprenorphine", "dose", "doses", "vivitrol", "naltrexone"}
)
LAPSE_TOPICS = ("lapse_happened", "ask_after_lapse")
USED = frozenset({"used", "relapsed", "slipped", "lapsed", "relapse", "slip", "using"})
FULLY_SURE = 0.8
"""How sure the classifier must be to speak of danger alone; below that we ask, with the emergency number first."""
_ME = re.compile(r"\b(i|im|ive|ill|id|me|my self|myself)\b")


def answer_intent(talk: Talk, intent: str) -> None:
    """Say what belongs to an intent: danger first, then guidance, a service message, or an honest "not this"."""
    talk.set("unclear_count", 0)
    danger = memory.kind_content(CRISIS.get(intent, ""))
    intent = "ask_naloxone" if intent == "drug_seeking" and _about_naloxone(talk) else intent
    entry = talk.entry(intent)
    if danger is not None:
        _danger_by_classifier(talk, intent, danger)
    elif is_plain_help(talk):
        talk.say("help")
    elif intent == "ask_after_lapse" and _means_the_topic(talk):
        talk.say_more()
    elif entry is not None:
        talk.say_entry(entry)
        _warn_after_a_break(talk, entry.naloxone)
        _offer_the_other(talk, intent)
    elif intent == "talk_to_human":
        talk.say("talk_to_human", "someone_on_call" if talk.context.on_call else "nobody_here")
        talk.command("open_escalation", kind="asked_for_human", level="concern", because=["asked for a person"])
    elif intent in talk.library.messages and talk.library.messages[intent].say:
        talk.say(intent)
    else:
        talk.say("out_of_scope")


def _means_the_topic(talk: Talk) -> bool:
    """A bare "what do I do" about something else is no question about a lapse."""
    topic, words = talk.slot("topic"), set(plain(talk.text).split())
    return topic not in (None, *LAPSE_TOPICS) and not talk.pressed and not words & USED


def _about_naloxone(talk: Talk) -> bool:
    """ "Where do I get it", after naloxone was spoken of, asks for naloxone."""
    said = plain(talk.text)
    return talk.slot("topic") == "ask_naloxone" or "narcan" in said or "naloxone" in said


def is_plain_help(talk: Talk) -> bool:
    """Nothing but a call for help."""
    return not talk.pressed and plain(talk.text) in PLAIN_HELP


def who_is_in_danger(talk: Talk, kind: str) -> str:
    """ "self" or "other": as the screen saw it, else by whether somebody speaks of themselves."""
    if talk.context.safety_kind == kind and talk.context.safety_level in ("urgent", "danger"):
        return memory.screen().assess(talk.text).who if talk.text and not talk.pressed else "self"
    if kind != "overdose_now":
        return memory.screen().assess(talk.text).who
    return "other" if talk.pressed or not _ME.search(plain(talk.text)) else "self"


def _danger_by_classifier(talk: Talk, intent: str, danger: KindContent) -> None:
    """The screen heard nothing. When the classifier is sure, or it was pressed, it counts; else we ask."""
    worried = talk.slot("topic") == "helping_someone_else"  # "what if he dies" is a mother's fear, not her own wish
    if talk.pressed or talk.context.answered_by_safety or (talk.confidence >= FULLY_SURE and not worried):
        begin_crisis(talk, danger, who_is_in_danger(talk, danger.kind))
        return
    title = talk.library.messages["unclear"].titles[intent]
    choices = (
        Choice(title, f"/{intent}"),
        Choice(talk.library.messages["danger_check"].titles["out_of_scope"], "/deny"),
    )
    talk.say_with("danger_check", choices)


def begin_crisis(talk: Talk, content: KindContent, who: str) -> None:
    """Say the first words, unless the app has said them before the brain was asked, and remember where we are."""
    if not talk.context.answered_by_safety:
        for words in content.first_words(who, talk.numbers()):
            talk.say_text(words)
        talk.command("open_escalation", kind=content.kind, level="urgent", because=["read so by the classifier"])
    said = [step.id for step in content.steps_for(who)[:1] if step.in_first]
    talk.set("crisis_kind", content.kind)
    talk.set("crisis_who", who)
    talk.set("crisis_step", said[0] if said else None)
    talk.set("topic", None)


def _warn_after_a_break(talk: Talk, was_said: bool) -> None:
    """Out of jail, detox or rehab, or doses missed: the lost-tolerance words, once."""
    words = set(plain(talk.text).split())
    missed = bool(words & MISSED and words & MEDICINE)
    if was_said or talk.slot("told_break") or not (missed or BREAK & words):
        return
    talk.say("tolerance", "after_break")
    talk.set("told_break", True)


def _offer_the_other(talk: Talk, intent: str) -> None:
    """Two things in one message: the graver was answered, the other is offered."""
    others = [other for other in talk.also if other != intent]
    readings = talk.library.messages["unclear"].readings
    if others and others[0] in readings:
        talk.say_other(others[0])
