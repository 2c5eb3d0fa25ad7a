"""Guidance: an answer for every intent of the library, varied, followed up, in the region's numbers."""

import pytest

from actions import memory
from actions.guidance import ActionGiveGuidance, ActionTellMore, ActionTellWhy
from bot.library.intents import GUIDANCE_TOPICS, TOPICS

GUIDED = [intent for topic in GUIDANCE_TOPICS for intent in TOPICS[topic]]


@pytest.mark.parametrize("intent", GUIDED)
@pytest.mark.parametrize("short", [False, True])
async def test_every_state_sign_and_question_has_an_answer_with_a_source(say, intent: str, short: bool) -> None:
    said = await say(ActionGiveGuidance(), intent, short=short, channel="sms" if short else "web")
    assert said.texts
    assert said.sources[0]
    assert said.slots["topic"] == intent
    assert "{" not in said.text


async def test_the_same_thing_said_three_times_is_answered_in_three_ways(say) -> None:
    slots: dict[str, object] = {}
    texts = []
    for seed in (1, 1, 1):
        said = await say(ActionGiveGuidance(), "out_of_control", slots=slots, seed=seed)
        slots = {**slots, **said.slots}
        texts.append(said.texts[0])
    assert len(set(texts)) == 3


async def test_what_else_gives_each_idea_once_and_then_says_so(say) -> None:
    ideas = len(memory.library().guidance["isolating"].more)
    slots: dict[str, object] = {"topic": "isolating"}
    texts = []
    for seed in range(ideas):
        said = await say(ActionTellMore(), "ask_more", slots=slots, seed=seed)
        slots = {**slots, **said.slots}
        texts.append(said.texts[0])
    assert len(set(texts)) == ideas
    done = await say(ActionTellMore(), "ask_more", slots=slots)
    assert "/talk_to_human" in done.payloads


async def test_why_speaks_of_the_last_topic(say) -> None:
    said = await say(ActionTellWhy(), "ask_why", slots={"topic": "stopped_meetings"})
    assert said.texts[0] in [t.text for t in memory.library().guidance["stopped_meetings"].why]


async def test_why_without_a_topic_asks_what_is_meant(say) -> None:
    said = await say(ActionTellWhy(), "ask_why")
    assert said.payloads


async def test_a_second_thing_in_one_message_is_offered(say) -> None:
    said = await say(ActionGiveGuidance(), "stopped_meetings", also=["sleep_problems"])
    assert "/sleep_problems" in said.payloads


@pytest.mark.parametrize(
    "intent", sorted({"lapse_happened", "craving_now", "about_to_use", "ask_tolerance", "ask_after_lapse"})
)
async def test_lost_tolerance_and_naloxone_come_up_where_they_must(say, intent: str) -> None:
    said = await say(ActionGiveGuidance(), intent)
    assert "naloxone" in said.text.lower()


async def test_expired_guidance_is_not_said(say) -> None:
    said = await say(ActionGiveGuidance(), "out_of_control", now="2031-01-01T12:00:00+00:00")
    everything = [t.text for t in memory.library().guidance["out_of_control"].reflect]
    assert not any(words in said.text for words in everything)
