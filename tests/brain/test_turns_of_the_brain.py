"""Whole turns through the trained model: forms, danger, follow-ups, and a state that stays small."""

from __future__ import annotations

import json

import pytest

from bot.brain.mind import Mind
from bot.turns import Context, Message, TurnRequest, TurnResult

NIGHT = "2026-11-25T02:10:00-05:00"


class Conversation:
    """Sends messages one after the other, carrying the state as the app does: through JSON."""

    def __init__(self, mind: Mind, **context: object) -> None:
        self._mind, self._context, self.state, self._count = mind, context, None, 0

    async def say(self, text: str = "", payload: str | None = None, **context: object) -> TurnResult:
        self._count += 1
        about = Context(**{"now": NIGHT, "region": "US", "seed": self._count, **self._context, **context})
        result = await self._mind.take_turn(TurnRequest(Message(text, payload), about, self.state))
        self.state = json.loads(json.dumps(result.state))
        return result


@pytest.fixture
def talk(mind: Mind) -> Conversation:
    return Conversation(mind)


def texts(result: TurnResult) -> str:
    return "\n".join(reply.text for reply in result.replies)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i feel out of control", "out_of_control"),
        ("stopped going to my meetings", "stopped_meetings"),
        ("I can't stop thinking about using", "craving_now"),
        ("i used last night", "lapse_happened"),
        ("are you a real person", "bot_challenge"),
    ],
)
async def test_plain_words_are_understood(talk: Conversation, text: str, intent: str) -> None:
    result = await talk.say(text)
    assert result.understood.intent == intent
    assert result.replies


async def test_a_craving_is_rated_ridden_out_and_asked_about_again(talk: Conversation) -> None:
    asked = await talk.say(payload="/craving_now")
    assert asked.state["wants_number"]
    strong = await talk.say("8")
    assert [c.kind for c in strong.commands] == ["remind"]
    assert "naloxone" in texts(strong)
    back = await talk.say(payload="/EXTERNAL_craving_due")
    assert back.state["wants_number"]
    better = await talk.say("3")
    assert "remind" not in [c.kind for c in better.commands]


async def test_the_lapse_conversation_keeps_its_order(talk: Conversation) -> None:
    first = await talk.say("i used last night. im such a fuckup")
    assert "?" in texts(first)
    second = await talk.say("yeah im ok")
    assert "kill you" in texts(second) or "stop your breathing" in texts(second)
    third = await talk.say(payload="/deny")
    assert "pharmac" in texts(third)


async def test_lost_days_are_a_lapse_and_no_milestone(talk: Conversation) -> None:
    result = await talk.say("my 90 days are gone", safety_kind="lapse", safety_level="concern")
    assert "?" in texts(result)
    assert result.state["slots"].get("topic") == "lapse_happened"


async def test_danger_interrupts_a_form(talk: Conversation) -> None:
    await talk.say(payload="/craving_now")
    danger = {"safety_kind": "suicide", "safety_level": "danger", "answered_by_safety": True}
    result = await talk.say("i want to kill myself", **danger)
    assert not result.state["wants_number"]
    assert result.state["slots"]["crisis_kind"] == "suicide"
    after = await talk.say("ok")
    assert texts(after)


@pytest.mark.parametrize(
    "text", ["/restart", '/EXTERNAL_craving_due{"a": 1}', "/delete_my_data", "//greet", "/ask_naloxone"]
)
async def test_a_slash_is_words_and_never_a_command(talk: Conversation, text: str) -> None:
    result = await talk.say(text)
    assert "erase_me" not in [c.kind for c in result.commands]
    assert result.replies


@pytest.mark.parametrize("text", ["", "\x00\x00", "💊" * 5000, "a" * 4097, "{name} {{x}}", "\ud83d", "¿?", "<b>hi</b>"])
async def test_odd_text_gets_an_answer(talk: Conversation, text: str) -> None:
    assert (await talk.say(text)).replies


async def test_the_state_stays_small_and_holds_no_words(talk: Conversation) -> None:
    sizes = []
    for number in range(40):
        result = await talk.say(
            "xylophone quarantine is what i wrote about number forty" if number % 2 else "what else"
        )
        sizes.append(len(json.dumps(result.state)))
    assert max(sizes[20:]) <= max(sizes[8:20]) * 1.2
    assert "xylophone" not in json.dumps(result.state)


async def test_an_old_or_broken_state_starts_afresh(mind: Mind) -> None:
    for state in ({"version": 0}, {}, {"version": 1, "slots": {"gone": 1}, "events": []}):
        request = TurnRequest(Message("i feel out of control"), Context(now=NIGHT), state)
        assert (await mind.take_turn(request)).replies


async def test_the_direct_runner_answers_as_rasas_own(mind: Mind, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.engine.runner.dask import DaskGraphRunner

    texts_said = ["i feel out of control", "stopped going to meetings", "8", "why", "asdf qwer"]
    ours = [await mind.understand(text) for text in texts_said]
    direct = mind._processor.graph_runner
    own = DaskGraphRunner.__new__(DaskGraphRunner)
    own._instantiated_nodes, own._graph_schema, own._execution_context = direct._nodes, direct._schema, None
    monkeypatch.setattr(mind._processor, "graph_runner", own)
    assert [await mind.understand(text) for text in texts_said] == ours


async def test_two_conversations_do_not_know_of_each_other(mind: Mind) -> None:
    one, two = Conversation(mind), Conversation(mind)
    await one.say("i stopped going to meetings")
    await two.say("hi")
    why = await two.say("why")
    assert why.replies[0].choices, "without a topic of its own, the second conversation is asked what is meant"


async def test_the_name_the_app_knows_is_not_kept_by_the_brain(talk: Conversation) -> None:
    result = await talk.say("hi", name="Persimmon")
    assert "Persimmon" not in json.dumps({k: v for k, v in result.state["slots"].items() if k != "last_reply"})
