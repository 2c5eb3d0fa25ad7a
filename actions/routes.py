"""Which words answer which intent, when the intent alone decides.

Used by the plain actions and by every form that lets a person go on to something else.
"""

from __future__ import annotations

from actions import memory
from actions.talk import Talk
from bot.safety import KindContent

CRISIS = {
    "overdose_now": "overdose_now",
    "suicide_risk": "suicide",
    "medical_emergency": "medical_emergency",
    "harm_from_others": "harm_from_others",
    "minor_disclosed": "minor",
}


def answer_intent(talk: Talk, intent: str) -> None:
    """Say what belongs to an intent: danger first, then guidance, a service message, or an honest "not this"."""
    talk.set("unclear_count", 0)
    danger = memory.kind_content(CRISIS.get(intent, ""))
    if danger is not None:
        begin_crisis(talk, danger, memory.screen().assess(talk.text).who)
        return
    entry = talk.entry(intent)
    if entry is not None:
        talk.say_entry(entry)
        _offer_the_other(talk, intent)
    elif intent == "talk_to_human":
        talk.say("talk_to_human", "someone_on_call" if talk.context.on_call else "nobody_here")
    elif intent in talk.library.messages and talk.library.messages[intent].say:
        talk.say(intent)
    else:
        talk.say("out_of_scope")


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


def _offer_the_other(talk: Talk, intent: str) -> None:
    """Two things in one message: the graver was answered, the other is offered."""
    others = [other for other in talk.also if other != intent]
    readings = talk.library.messages["unclear"].readings
    if others and others[0] in readings:
        talk.say_other(others[0])
