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

Events = list[dict[str, Any]]
SAID_YES = frozenset({"affirm", "feeling_ok"})
STAYS = ("lapse_happened", "intense_emotions", "negative_thoughts_about_recovery", "out_of_control")


class ActionAskLapseSafe(Action):
    """Say thank you for telling, then ask whether they are safe right now."""

    def name(self) -> str:
        return "action_ask_lapse_safe"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if not talk.slot("tries"):
            talk.say("lapse", "glad_you_told")
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
            return talk.events()
        answer = "yes" if talk.intent in SAID_YES else "no" if talk.intent == "deny" else None
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
        talk.clear("lapse_safe", "lapse_naloxone", "tries", "flow_left")
        if safe == "no":
            talk.say("lapse", "not_safe")
            talk.command(
                "open_escalation", kind="lapse", level="danger", because=["says they are not safe after using"]
            )
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
