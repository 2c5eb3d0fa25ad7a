"""When a message can be read in two ways: ask, never guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.service import after_open_question
from actions.talk import Talk
from bot.turns import Choice

Events = list[dict[str, Any]]

NOT_A_READING = frozenset({"nlu_fallback", "out_of_scope", "chitchat", "affirm", "deny", "inform", "insult"})
WORTH_ASKING = 0.08
MOST_IN_A_ROW = 2


class ActionAskWhich(Action):
    """Offer the two best readings; after two misses say honestly what this program can do."""

    def name(self) -> str:
        return "action_ask_which"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        talk = Talk(dispatcher, tracker)
        if after_open_question(talk):
            return talk.events()
        count = int(talk.slot("unclear_count") or 0) + 1
        readings = talk.library.messages["unclear"].readings
        best = [
            r["name"] for r in talk.ranking
            if r["name"] in readings and r["name"] not in NOT_A_READING and r["confidence"] >= WORTH_ASKING
        ][:2]  # fmt: skip
        if count > MOST_IN_A_ROW:
            talk.say("out_of_scope")
            count = 0
        elif len(best) < 2:
            talk.say("unclear", "no_idea")
        else:
            _ask(talk, best[0], best[1])
        talk.set("unclear_count", count)
        return talk.events()


def _ask(talk: Talk, first: str, second: str) -> None:
    message = talk.library.messages["unclear"]
    choices = tuple(Choice(message.titles[name], f"/{name}") for name in (first, second))
    talk.say_with("unclear", choices, first=message.readings[first], second=message.readings[second])
