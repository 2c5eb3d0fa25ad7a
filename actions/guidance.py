"""Answers from the guidance library: warning signs, states and questions; and what follows them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.routes import answer_intent
from actions.talk import Talk

Events = list[dict[str, Any]]


class ActionGiveGuidance(Action):
    """Say what the library holds for the intent that was read."""

    def name(self) -> str:
        return "action_give_guidance"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        answer_intent(talk, talk.intent)
        return talk.events()


class ActionTellMore(Action):
    """ "What else?": the next idea about the last topic, never one that was said before."""

    def name(self) -> str:
        return "action_tell_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        talk.say_more()
        return talk.events()


class ActionTellWhy(Action):
    """ "Why?": the reason behind what was said last."""

    def name(self) -> str:
        return "action_tell_why"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        talk.say_why()
        return talk.events()
