"""Which words answer which intent, when the intent alone decides.

Used by the plain actions and by every form that lets a person go on to something else.
"""

from __future__ import annotations

from actions.talk import Talk

CRISIS = {
    "overdose_now": "overdose_now",
    "suicide_risk": "suicide",
    "medical_emergency": "medical_emergency",
    "harm_from_others": "harm_from_others",
    "minor_disclosed": "minor",
}


def answer_intent(talk: Talk, intent: str) -> None:
    """Say what belongs to an intent: guidance first, else a service message, else an honest "not this"."""
    talk.set("unclear_count", 0)
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


def _offer_the_other(talk: Talk, intent: str) -> None:
    """Two things in one message: the graver was answered, the other is offered."""
    others = [other for other in talk.also if other != intent]
    readings = talk.library.messages["unclear"].readings
    if others and others[0] in readings:
        talk.say_other(others[0])
