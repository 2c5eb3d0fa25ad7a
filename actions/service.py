"""What people ask of the program itself: who are you, call me Sam, start over, erase me, say that again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.craving import answer_number
from actions.routes import CRISIS, answer_intent, is_plain_help
from actions.talk import Talk
from bot.safety.steps import plain
from bot.turns import Choice

Events = list[dict[str, Any]]
LONGEST_NAME = 30
ENDS_RIDE = frozenset({"pause", "goodbye", "stop_checkins"})
THINGS_TO_FORGET = ("topic", "offered", "more_used", "craving_round", "craving_last", "pending", "crisis_kind",
                    "crisis_who", "crisis_step", "tries", "days_since_use")  # fmt: skip


class ActionAnswerService(Action):
    """Say the service message of the intent; after thanks, ask once whether it helped."""

    def name(self) -> str:
        return "action_answer_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if talk.intent in ENDS_RIDE and talk.slot("craving_round"):
            stop_ride(talk)
        if talk.intent == "greet" and not is_plain_help(talk):
            talk.say("greet", "again" if talk.slot("met") else "first")
        elif not after_open_question(talk):
            answer_intent(talk, talk.intent)
        if talk.intent == "thanks" and talk.slot("topic") and not talk.slot("asked_helped"):
            talk.say("helped", offer=True)
            talk.set("asked_helped", True)
        return talk.events()


class ActionTalkToHuman(Action):
    """Be honest about whether anyone is there; name a line that is open now."""

    def name(self) -> str:
        return "action_talk_to_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        answer_intent(talk, "talk_to_human")
        return talk.events()


class ActionSetName(Action):
    """Keep the name a person asked to be called."""

    def name(self) -> str:
        return "action_set_name"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        name = (talk.value("name") or "").strip()
        if not name:
            talk.say("set_name", "ask")
        elif len(name) > LONGEST_NAME:
            talk.say("set_name", "not_kept")
        else:
            talk.command("set_person", name=name)
            talk.say("set_name", "done", name=name)
        return talk.events()


class ActionSetRegion(Action):
    """Keep the country, so that the right numbers are shown."""

    def name(self) -> str:
        return "action_set_region"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        code = talk.value("region")
        if code is None:
            talk.say("set_region", "ask", offer=True)
        elif code not in talk.library.regions:
            talk.say("set_region", "unknown", offer=True)
        else:
            talk.command("set_person", region=code)
            talk.context = replace(talk.context, region=code)  # the number that is said now is the new one
            talk.say("set_region", "done", region_name=talk.library.regions[code].name)
        return talk.events()


class ActionDeleteMyData(Action):
    """Explain, ask once, then erase or keep."""

    def name(self) -> str:
        return "action_delete_my_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if talk.value("sure") == "true" or talk.slot("pending") == "erase":
            talk.say("delete_my_data", "done")
            talk.command("erase_me")
        else:
            talk.say("delete_my_data", "ask")
            talk.set("pending", "erase")
        return talk.events()


class ActionStartOver(Action):
    """Begin afresh; what matters for safety is not forgotten by the app."""

    def name(self) -> str:
        return "action_start_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        talk.clear(*THINGS_TO_FORGET)
        talk.command("cancel_reminder", key="craving")
        talk.say("start_over")
        return talk.events()


class ActionRepeat(Action):
    """Say the last answer again, with its choices."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        last = talk.slot("last_reply")
        if last:
            talk.say_text(last, tuple(Choice(o["title"], o["payload"]) for o in talk.slot("offered") or ()))
        else:
            talk.say("repeat")
        return talk.events()


class ActionNoteFeedback(Action):
    """Did that help? Keep the answer; when it did not, offer another way at once."""

    def name(self) -> str:
        return "action_note_feedback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        helpful = talk.intent == "answer_helpful"
        if talk.slot("topic") and not is_plain_help(talk):
            talk.command("note_feedback", topic=talk.slot("topic"), helpful=helpful)
        answer_intent(talk, talk.intent)
        return talk.events()


class ActionAnswerYes(Action):
    """A bare yes: take the one thing that was offered, or ask which."""

    def name(self) -> str:
        return "action_answer_yes"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        offered = talk.slot("offered") or []
        if after_open_question(talk):
            return talk.events()
        named = _named(talk, offered)
        if named is not None:
            _follow(talk, named)
        elif talk.slot("craving_round"):
            talk.say("craving", "here")
        elif len(offered) == 1:
            _follow(talk, offered[0])
        elif offered and talk.slot("asked_which") != len(offered):
            talk.set("asked_which", len(offered))
            talk.offer_again(tuple(Choice(o["title"], o["payload"]) for o in offered))
        else:
            answer_intent(talk, "affirm")
        return talk.events()


class ActionAnswerNo(Action):
    """A bare no is fine: nothing is pushed, the door stays open."""

    def name(self) -> str:
        return "action_answer_no"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if not after_open_question(talk):
            answer_intent(talk, "deny")
            talk.clear("offered")
        return talk.events()


class ActionAnswerBare(Action):
    """A bare answer ("7", "last night") without an open question: go on with the topic, or ask."""

    def name(self) -> str:
        return "action_answer_bare"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if after_open_question(talk):
            return talk.events()
        if talk.slot("topic") == "craving_now" and talk.rating() is not None:
            answer_number(talk, talk.rating() or 0)
        elif talk.slot("topic"):
            talk.say_next_step(talk.slot("topic"))
        else:
            answer_intent(talk, "inform")
        return talk.events()


def after_open_question(talk: Talk) -> bool:
    """Answer what our last question left open, if it did: is it within reach, erase or keep, and tomorrow."""
    pending, intent = talk.slot("pending"), talk.intent
    if pending == "craving_reach" and intent in ("affirm", "deny"):
        talk.say("craving", "within_reach" if intent == "affirm" else "ride")
        talk.set("pending", "craving_moved" if intent == "affirm" else None)
    elif pending == "craving_moved" and intent not in CRISIS:
        _after_moving(talk)
    elif pending == "lapse_tomorrow" and intent in ("affirm", "deny", "inform", "thanks"):
        talk.say("lapse", "tomorrow")
        talk.say("lapse", "ask_next")
    elif pending == "erase" and intent in ("affirm", "deny"):
        talk.say("delete_my_data", "done" if intent == "affirm" else "kept")
        if intent == "affirm":
            talk.command("erase_me")
    else:
        return False
    return True


def _after_moving(talk: Talk) -> None:
    """They could not put it away: not alone, naloxone near. Else: that is distance, and now the ride."""
    if talk.intent == "deny":
        talk.say("tolerance", "craving")
        talk.say("craving", "not_moved")
    else:
        talk.say("craving", "ride")


def stop_ride(talk: Talk) -> None:
    """No timer will speak after somebody asked for quiet."""
    talk.clear("craving_round", "craving_last", "craving_first")
    talk.command("cancel_reminder", key="craving")


def _named(talk: Talk, offered: list[dict[str, str]]) -> dict[str, str] | None:
    """ "yeah i want to use" is a yes that says what to: one of the choices, or the craving itself."""
    said = plain(talk.text)
    for option in offered:
        if plain(option["title"]) in said:
            return option
    craving = "want to use" in said or "wanna use" in said or "craving" in said
    return {"payload": "/craving_now"} if craving else None


def _follow(talk: Talk, option: dict[str, str]) -> None:
    intent = option["payload"].lstrip("/").split("{")[0]
    if intent == "ask_more":
        talk.say_more()
    else:
        answer_intent(talk, intent)
