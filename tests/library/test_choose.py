"""The words fit the person and the moment, say nothing raw, and do not repeat themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library import (
    Guidance,
    Library,
    ServiceMessage,
    Situation,
    compose,
    compose_more,
    compose_part,
    compose_why,
    part_of_day,
    read_library,
)
from bot.library.choose import TWO_SEGMENTS
from bot.library.intents import NEEDS_NALOXONE
from bot.library.voice import not_gsm
from bot.turns import Choice

from .conftest import CONTENT, TODAY

LIBRARY = read_library(CONTENT, TODAY)[0]
NIGHT = datetime(2026, 11, 28, 2, 0, tzinfo=timezone.utc)
NOON = NIGHT.replace(hour=12)
GUIDANCE = sorted(LIBRARY.guidance)
SAID = [m.id for m in LIBRARY.messages.values() if m.say and m.id not in {"unclear", "also"}]
PARTS = [(m.id, part) for m in LIBRARY.messages.values() for part in m.parts]
GIVEN_BY_CALLER = {"first": "you want to use", "second": "you used again", "region_name": "Ireland", "rating": "4",
                   "before": "8", "name": "Sam"}  # fmt: skip
WILD = ["3 wks", "{duration}", "**my sponsor**", "dope", "</b>", "my mom's place", "\u202ex", "a" * 200, "x{y}z"]

situations = st.builds(
    Situation,
    at=st.integers(0, 24 * 80).map(lambda hours: NOON.replace(day=25) + timedelta(hours=hours)),
    region=st.sampled_from(["US", "CA", "GB", "IE", "AU", "INT"]),
    channel=st.sampled_from(["web", "telegram", "sms"]),
    short=st.booleans(),
    name=st.sampled_from([None, "Sam", "{name}", "Zoë **B**"]),
    entities=st.dictionaries(
        st.sampled_from(["duration", "substance", "treatment", "person", "place"]), st.sampled_from(WILD), max_size=4
    ),
    seed=st.integers(0, 10_000),
)  # fmt: skip


def is_sayable(text: str, short: bool) -> bool:
    return bool(text.strip()) and "{" not in text and "}" not in text and (not short or len(text) <= TWO_SEGMENTS)


@settings(max_examples=200, deadline=None)
@given(entry=st.sampled_from(GUIDANCE + SAID), situation=situations)
def test_every_answer_is_sayable(entry: str, situation: Situation) -> None:
    source: Guidance | ServiceMessage = LIBRARY.guidance.get(entry) or LIBRARY.messages[entry]
    composed = compose(source, situation, LIBRARY)
    for reply in composed.replies():
        assert is_sayable(reply.text, situation.short)
        assert not situation.short or "**" not in reply.text
    assert composed.used_ids


@settings(max_examples=200, deadline=None)
@given(step=st.sampled_from(PARTS), situation=situations)
def test_every_part_is_sayable(step: tuple[str, str], situation: Situation) -> None:
    known = replace(situation, entities={**situation.entities, **GIVEN_BY_CALLER}, name="Sam")
    composed = compose_part(LIBRARY.messages[step[0]], step[1], known, LIBRARY)
    assert is_sayable(composed.text, situation.short)


@settings(max_examples=60, deadline=None)
@given(entry=st.sampled_from(GUIDANCE), situation=situations)
def test_nothing_is_said_twice_in_a_row(entry: str, situation: Situation) -> None:
    guidance = LIBRARY.guidance[entry]
    recent: tuple[str, ...] = ()
    before: set[str] = set()
    for turn in range(6):
        composed = compose(guidance, replace(situation, recent=recent, seed=situation.seed + turn), LIBRARY)
        assert not before & set(composed.used_ids)
        before, recent = set(composed.used_ids), (*recent, *composed.used_ids)


@settings(max_examples=200, deadline=None)
@given(entry=st.sampled_from(GUIDANCE), situation=situations)
def test_after_a_break_the_tolerance_words_are_there(entry: str, situation: Situation) -> None:
    guidance = LIBRARY.guidance[entry]
    said = " ".join(reply.text for reply in compose(guidance, situation, LIBRARY).replies())
    if entry in NEEDS_NALOXONE or guidance.naloxone:
        assert "naloxone" in said.lower()


@given(situation=situations)
def test_the_same_moment_gives_the_same_words(situation: Situation) -> None:
    entry = LIBRARY.messages["insult"]
    assert compose(entry, situation, LIBRARY) == compose(entry, situation, LIBRARY)


def test_more_runs_out_and_says_so(library: Library) -> None:
    for entry in library.guidance.values():
        recent: tuple[str, ...] = ()
        given_ideas = []
        for seed in range(len(entry.more) + 1):
            idea = compose_more(entry, Situation(at=NOON, recent=recent, seed=seed), library)
            if idea is None:
                break
            given_ideas.append(idea.text)
            recent = (*recent, *idea.used_ids)
        else:
            pytest.fail(f"{entry.id} never runs out")
        assert len(set(given_ideas)) == len(given_ideas) >= 2


def test_why_has_an_answer_and_a_source(library: Library) -> None:
    for entry in library.guidance.values():
        why = compose_why(entry, Situation(at=NOON), library)
        assert why.text
        assert why.source


def test_what_was_said_is_preferred_to_a_general_wording(folder: Path) -> None:
    library = read_library(folder, TODAY)[0]
    entry = library.guidance["isolating"]
    said = Situation(at=NOON, entities={"duration": "3 wks"})
    assert compose(entry, said, library).text.startswith("Three weeks is a while.")
    assert compose(entry, Situation(at=NIGHT), library).text.startswith("It's late.")


def test_an_answer_reflects_helps_gives_a_step_and_asks(folder: Path) -> None:
    library = read_library(folder, TODAY)[0]
    composed = compose(library.guidance["isolating"], Situation(at=NOON), library)
    opening, step, question = composed.text.split("\n\n")
    assert "Help" in opening
    assert step.startswith("Step")
    assert question.startswith("Ask")
    assert composed.choices[0] == Choice("Find a meeting", "/ask_find_meeting")
    assert composed.source == "our list"


def test_when_all_was_said_lately_the_oldest_comes_back(folder: Path) -> None:
    library = read_library(folder, TODAY)[0]
    entry = library.guidance["isolating"]
    ids = tuple(text.id for text in entry.why)
    assert compose_why(entry, Situation(at=NOON, recent=ids), library).used_ids == (ids[0],)
    assert compose_why(entry, Situation(at=NOON, recent=ids[::-1]), library).used_ids == (ids[1],)


def test_choices_carry_what_they_already_say(library: Library) -> None:
    ask = compose_part(library.messages["set_region"], "ask", Situation(at=NOON), library)
    assert Choice("Ireland", '/set_region{"region": "IE"}') in ask.choices


def test_without_any_line_the_number_is_left_out_and_something_is_still_said(library: Library) -> None:
    years_later = NOON.replace(year=2030)
    for message in library.messages.values():
        for part in message.parts:
            known = Situation(at=years_later, region="US", name="Sam", entities=GIVEN_BY_CALLER)
            assert compose_part(message, part, known, library).text
        if message.say:
            known = Situation(at=years_later, region="US", entities=GIVEN_BY_CALLER)
            assert compose(message, known, library).text


def test_a_message_that_has_only_parts_says_which_mistake_was_made(library: Library) -> None:
    with pytest.raises(LookupError, match="say one of them"):
        compose(library.messages["lapse"], Situation(at=NOON), library)


def test_text_messages_are_plain_for_every_region(library: Library) -> None:
    for region in library.regions.values():
        situation = Situation(at=NOON, region=region.code, channel="sms", short=True, entities=GIVEN_BY_CALLER)
        for message in library.messages.values():
            if message.say:
                assert not_gsm(compose(message, situation, library).text) == ""


@pytest.mark.parametrize(("hour", "name"), [(4, "night"), (5, "morning"), (12, "day"), (17, "evening"), (22, "night")])
def test_part_of_day(hour: int, name: str) -> None:
    assert part_of_day(NOON.replace(hour=hour)) == name


def test_ids_of_texts_are_unique_and_lasting(library: Library) -> None:
    entries: list[Guidance | ServiceMessage] = [*library.guidance.values(), *library.messages.values()]
    ids = [text.id for entry in entries for texts in entry.lists().values() for text in texts]
    assert len(set(ids)) == len(ids)
    again = read_library(CONTENT, TODAY)[0].messages["greet"].say[0].id
    assert again == library.messages["greet"].say[0].id


def test_the_words_of_the_library_are_not_touched(folder: Path) -> None:
    """An ellipsis is not a slip of the pen, and a full stop that came with a value is not doubled."""
    path = folder / "guidance" / "warning_signs" / "isolating.yml"
    words = path.read_text(encoding="utf-8").replace('"Why one."', '"It is in the ... I told {person}."')
    path.write_text(words.replace('"Why two."', '"Why two.", "Why three."'), encoding="utf-8")
    library = read_library(folder, TODAY)[0]
    why = compose_why(library.guidance["isolating"], Situation(at=NOON, entities={"person": "my mom..."}), library)
    assert why.text == "It is in the ... I told your mom."
