"""The "I used" conversation: safe now, glad you told me, lower tolerance, tonight, tell one person, tomorrow.

The order is care.md 2.3 of the design (bot/content/messages/lapse.yml names its sources). A Rasa form.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import leave, leaves_flow, try_again
from actions.routes import answer_intent
from actions.talk import Talk
from bot.safety.steps import plain

Events = list[dict[str, Any]]
SAID_YES = frozenset({"affirm", "feeling_ok"})
FEELS_UNSAFE = frozenset({"sleep_problems", "medical_emergency", "withdrawal_discomfort", "pain", "overdose_now"})
UNSAFE_WORDS = frozenset(
    {"sleepy", "drowsy", "dizzy", "cold", "weird", "nodding", "faint", "numb", "blurry", "heavy", "fading", "blue"}
)
UNSURE = frozenset({"maybe", "idk", "dunno", "unsure"})
HAS_NONE = ("none", "dont have", "dont got", "havent", "no narcan", "no naloxone")
HAS_SOME = ("have", "got", "yes", "yeah", "in my", "in the")
STAYS = ("lapse_happened", "intense_emotions", "negative_thoughts_about_recovery", "out_of_control")


class ActionAskLapseSafe(Action):
    """Say thank you for telling, then ask whether they are safe right now."""

    def name(self) -> str:
        return "action_ask_lapse_safe"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if not talk.slot("lapse_told"):
            talk.say("lapse", "glad_you_told")
        talk.set("lapse_told", True)
        talk.say("lapse", "safe_now_ask", offer=True)
        talk.set("topic", "lapse_happened")
        return talk.events()


class ActionAskLapseNaloxone(Action):
    """The lost-tolerance warning, what makes tonight less dangerous, and whether naloxone is near."""

    def name(self) -> str:
        return "action_ask_lapse_naloxone"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if not talk.slot("tries"):
            talk.say("lapse", "tolerance")
            talk.say("lapse", "if_again_tonight")
        talk.say("lapse", "naloxone_ask", offer=True)
        return talk.events()


class ValidateLapseForm(Action):
    """Read yes and no however they are said; let people talk about something else."""

    def name(self) -> str:
        return "validate_lapse_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        asked = talk.slot("requested_slot")
        if asked is None:
            if _about_somebody_else(talk):
                leave(talk)
            return talk.events()
        answer = _safe(talk) if asked == "lapse_safe" else _has_naloxone(talk)
        if answer:
            talk.set(asked, answer)
            talk.clear("tries")
            if asked == "lapse_safe" and answer == "no":
                talk.set("requested_slot", None)
        elif leaves_flow(talk, STAYS):
            leave(talk)
        else:
            try_again(talk)
        return talk.events()


class ActionFinishLapse(Action):
    """Not safe: the emergency words first. Otherwise naloxone, treatment, one person, tomorrow."""

    def name(self) -> str:
        return "action_finish_lapse"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        safe, naloxone = talk.slot("lapse_safe"), talk.slot("lapse_naloxone")
        left = talk.slot("flow_left")
        talk.clear("lapse_safe", "lapse_naloxone", "tries", "flow_left", "lapse_told")
        if safe == "no":
            talk.say("lapse", "not_safe")
            talk.set("crisis_kind", "overdose_now")
            talk.set("crisis_who", "self")
            talk.set("crisis_step", "stay-on-the-line")
            talk.command(
                "open_escalation", kind="lapse", level="danger", because=["says they are not safe after using"]
            )
        elif left and safe is None and _about_somebody_else(talk):
            talk.say("lapse", "someone_else")
        elif left:
            if naloxone is None:
                talk.say("tolerance", "after_lapse")
            answer_intent(talk, talk.intent)
        else:
            _what_now(talk, naloxone)
        return talk.events()


def _what_now(talk: Talk, naloxone: str | None) -> None:
    talk.say("lapse", "naloxone_yes" if naloxone == "yes" else "naloxone_no")
    talk.say("lapse", "moud_keep_taking")
    talk.say("lapse", "tell_someone")
    talk.set("pending", "lapse_tomorrow")


def _about_somebody_else(talk: Talk) -> bool:
    """ "my partner relapsed": a person is named and nobody says "I"."""
    words = set(plain(talk.text).split())
    return talk.value("person") is not None and not words & {"i", "im", "ive", "me"}


def _safe(talk: Talk) -> str | None:
    """Are they okay after using? A strange body, or drowsiness, is a no; "I don't know" is asked about once more."""
    words = set(plain(talk.text).split())
    if words & UNSAFE_WORDS or talk.intent in FEELS_UNSAFE:
        return "no"
    if words & UNSURE or plain(talk.text) in ("not sure", "i dont know"):
        return "no" if talk.slot("tries") else None
    return "yes" if talk.intent in SAID_YES else "no" if talk.intent == "deny" else None


def _has_naloxone(talk: Talk) -> str | None:
    """However it is said: "got narcan in the truck", "no dont have it"."""
    said = f" {plain(talk.text)} "
    if UNSURE & set(said.split()):
        return None
    if talk.intent == "deny" or any(f" {no} " in said for no in HAS_NONE):
        return "no"
    named = "narcan" in said or "naloxone" in said
    if talk.intent in SAID_YES or (named and any(f" {yes} " in said for yes in HAS_SOME)):
        return "yes"
    return None
