"""A craving as a conversation: rate it, ride it out for fifteen minutes, rate it again (a Rasa form).

Source of the steps: urge surfing, bot/content/sources.yml (urge-surfing). The timer is a command; the app keeps it.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import ANSWERS, leave, leaves_flow, try_again
from actions.routes import answer_intent
from actions.talk import Talk

Events = list[dict[str, Any]]
RIDE_S = 15 * 60
MOST_ROUNDS = 3
CLEAR_DROP = 3
HIGH, MEDIUM = 7, 4
WILL_NOT_SAY = ANSWERS | {"denying_need_for_help"}


class ActionAskCravingRating(Action):
    """Ask how strong it is; at the first time with a word about what was said, later as a return."""

    def name(self) -> str:
        return "action_ask_craving_rating"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if talk.slot("tries"):
            talk.say("craving", "not_a_number")
        elif talk.intent == "EXTERNAL_craving_due":
            talk.say("craving", "come_back")
        elif talk.slot("craving_story"):
            talk.say("craving", "last_time", **talk.slot("craving_story"))
            talk.clear("craving_story")
            talk.say("craving", "ask_rating")
        elif talk.intent == "craving_now":
            talk.say_reflection("craving_now", then=("craving", "ask_rating"))
        else:
            talk.say("craving", "ask_rating")
        talk.set("wants_number", True)
        talk.set("topic", "craving_now")
        return talk.events()


class ValidateCravingForm(Action):
    """Read a number from 0 to 10; let people talk about something else."""

    def name(self) -> str:
        return "validate_craving_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        rating = talk.rating()
        asked = talk.slot("requested_slot") == "craving_rating"
        if rating is not None:
            talk.set("craving_rating", rating)
        elif asked and leaves_flow(talk, stays=("craving_now", "craving_coach", "EXTERNAL_craving_due")):
            leave(talk)
        elif asked:
            try_again(talk)
        return talk.events()


class ActionFinishCraving(Action):
    """Answer the number: a step for now, and a return in fifteen minutes while it is strong."""

    def name(self) -> str:
        return "action_finish_craving"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        rating = talk.slot("craving_rating")
        rounds = int(talk.slot("craving_round") or 0)
        talk.clear("craving_rating", "tries", "flow_left", "wants_number")
        if rating is not None:
            answer_number(talk, int(rating))
        elif talk.intent in WILL_NOT_SAY and not rounds:
            talk.say("craving", "no_number")
            answer_number(talk, HIGH)
        else:
            answer_intent(talk, talk.intent)
        return talk.events()


def answer_number(talk: Talk, rating: int) -> None:
    """What a number from 0 to 10 leads to."""
    before, rounds = talk.slot("craving_last"), int(talk.slot("craving_round") or 0)
    talk.set("topic", "craving_now")
    _answer_rating(talk, rating, None if before is None or not rounds else int(before))
    _ride_or_rest(talk, rating, rounds)


def _answer_rating(talk: Talk, rating: int, before: int | None) -> None:
    if before is not None:
        part = "better" if rating < before else "same" if rating == before else "worse"
    else:
        part = "high" if rating >= HIGH else "medium" if rating >= MEDIUM else "low"
    talk.say("craving", part)


def _ride_or_rest(talk: Talk, rating: int, rounds: int) -> None:
    dropped = rounds and rating <= int(talk.slot("craving_last") or 0) - CLEAR_DROP
    if rating < MEDIUM or dropped or rounds >= MOST_ROUNDS:
        _rest(talk, rating)
        return
    if rating >= HIGH and not rounds:
        talk.set("pending", "craving_reach")
    elif rounds == 0 or rating < int(talk.slot("craving_last") or 0):
        talk.say("craving", "ride")
    talk.set("craving_first", talk.slot("craving_first") if rounds else rating)
    talk.set("craving_round", rounds + 1)
    talk.set("craving_last", rating)
    talk.command("remind", key="craving", after_s=RIDE_S, payload="/EXTERNAL_craving_due")


def _rest(talk: Talk, rating: int) -> None:
    first = talk.slot("craving_first")
    if first is not None and rating < first:
        talk.set("craving_story", {"before": str(int(first)), "rating": str(rating)})
    elif rating >= MEDIUM:
        talk.say_next_step("craving_now")
    talk.clear("craving_round", "craving_last", "craving_first")
    talk.command("cancel_reminder", key="craving")
