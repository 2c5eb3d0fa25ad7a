"""How the screen judges: gravity, denial, joined messages, hidden writing, hostile text."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import KINDS, Assessment, Level, Rule, Screen, load_screen
from bot.safety.model import fill
from bot.safety.screen import UNREADABLE
from tests.safety.cases import CONTENT

SCREEN = load_screen(CONTENT)


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("im not suicidal but i want to die", "suicide", Level.DANGER),
        ("I'm not going to kill myself", "suicide", Level.CONCERN),
        ("i want to die and my friend isnt breathing", "overdose_now", Level.DANGER),
        ("im 15 and i want to kill myself", "suicide", Level.DANGER),
        ("i overdosed last year", "none", Level.NONE),
        ("this job is killing me", "suicide", Level.CONCERN),
        ("dying for a coffee", "none", Level.NONE),
        ("i could kill him for eating my lunch", "none", Level.NONE),
        ("what does an overdose look like", "none", Level.NONE),
        ("how does narcan work", "none", Level.NONE),
        ("i slipped", "lapse", Level.CONCERN),
        ("i want to use so bad", "none", Level.NONE),
        ("", "none", Level.NONE),
        ("7", "none", Level.NONE),
        ("👍", "none", Level.NONE),
    ],
)
def test_what_is_seen(screen: Screen, text: str, kind: str, level: Level) -> None:
    seen = screen.assess(text)
    assert (seen.kind, seen.level) == (kind, level)


@pytest.mark.parametrize(
    "text",
    [
        "k i l l   m y s e l f tonight i will",
        "i w a n t t o d i e",
        "iwanttodie",
        "i-want-to-die",
        "i.want.to.die",
        "i_want_to_die",
        "I want. To. Die.",
        "1 w4nt t0 d1e",
        "i wan to k*ll myself",
        "i want to unalive myself",
        "im gonna kms",
        "i want to d\u200bi\u200be",
        "i%20want%20to%20die",
        "i want to \\u0064ie",
        "i want to &#100;ie",
        "i <b>want</b> to di<i></i>e",
        "thinking about sewerslide",
        "im feeling suicidle",
        "going to k!ll mys3lf",
    ],
)
def test_hidden_writing_is_read(screen: Screen, text: str) -> None:
    seen = screen.assess(text)
    assert (seen.kind, seen.level) == ("suicide", Level.DANGER)


def test_somebody_else_in_danger_is_told_apart(screen: Screen) -> None:
    assert screen.assess("my friend wont wake up hes making snoring noises").who == "other"
    assert screen.assess("i took way too much").who == "self"


def test_a_child_who_is_hurt_is_both(screen: Screen) -> None:
    seen = screen.assess("im 15 and my stepdad is beating me")
    assert seen.kind == "harm_from_others"
    assert "minor" in seen.also


def test_earlier_danger_is_not_raised_again_by_a_harmless_message(screen: Screen) -> None:
    assert screen.assess("what is the number", ["i want to die"]).level is Level.NONE


def test_three_messages_make_one(screen: Screen) -> None:
    assert screen.assess("myself", ["i wanna", "kill"]).level is Level.DANGER


@pytest.mark.parametrize(
    "text", ["я хочу умереть сейчас", "我想死现在就死", "\ufffd\ufffd\ufffd\ufffd\ufffd", "\ud800" * 6, "أريد أن أموت"]
)
def test_what_cannot_be_read_is_a_possible_crisis(screen: Screen, text: str) -> None:
    assert screen.assess(text) == UNREADABLE


def test_a_fault_inside_is_a_possible_crisis() -> None:
    broken = Screen([])
    assert broken.assess(None) == UNREADABLE  # type: ignore[arg-type]


@given(st.text(st.characters(codec=None), max_size=400))
@settings(max_examples=400, deadline=None)
def test_any_text_is_judged(text: str) -> None:
    seen = SCREEN.assess(text)
    assert isinstance(seen, Assessment)
    assert seen.kind in (*KINDS, "none", "unreadable")
    assert (seen.level is Level.NONE) == (seen.kind == "none")


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_noise_around_does_not_hide_danger(before: str, after: str) -> None:
    assert SCREEN.assess(f"{before}\n\ni am going to kill myself\n\n{after}").level >= Level.URGENT


ATTACKS = {
    "one letter": "a" * 65_536,
    "spaced letters": "a " * 32_768,
    "crisis words": "i want to kill my self " * 2_900,
    "nearly": "i want to kill my " * 3_600,
    "breaks": ". " * 32_768,
    "marks": "e" + "\u0301" * 65_535,
    "ligature": "\ufdfa" * 65_536,
    "tags": "<b" * 32_768,
    "entities": "&#" * 32_768,
    "leet": "k1!l$ " * 10_922,
    "stars": "a*b*c*d " * 8_192,
    "od": "o.d." * 16_384,
    "gaps": "i he not breathing took my the all " * 1_870,
}


def calls(screen: Screen, text: str) -> int:
    """How many calls judging takes: a count, not a time."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        screen.assess(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_work_grows_no_faster_than_the_text(screen: Screen, name: str) -> None:
    whole = ATTACKS[name]
    assert calls(screen, whole) <= 2.5 * calls(screen, whole[: len(whole) // 2]) + 2_000


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_hostile_text_is_judged(screen: Screen, name: str) -> None:
    assert isinstance(screen.assess(ATTACKS[name] + " i want to die"), Assessment)


def test_danger_at_the_end_of_a_long_text_is_found(screen: Screen) -> None:
    seen = screen.assess("today was a long day and i went to the shop. " * 1_300 + "i want to kill myself")
    assert seen.kind == "suicide"


def test_a_rule_of_ones_own() -> None:
    rule = Rule("x", "suicide", Level.DANGER, "self", ("red (apple|pear)",), "why", "common-practice", none_of=("not",))
    own = Screen([rule])
    assert own.assess("a red pear").because == ("suicide/x",)
    assert own.assess("not a red pear").kind == "none"
    assert own.assess("not today. a red pear").kind == "suicide"


def near(phrase: str, text: str) -> bool:
    rule = Rule("x", "suicide", Level.DANGER, "self", (phrase,), "why", "common-practice")
    return Screen([rule]).assess(text).kind == "suicide"


def test_pieces_in_any_order() -> None:
    assert near("pills ~3 goodbye", "goodbye i have pills")
    assert near("pills ~3 goodbye", "pills then goodbye")
    assert not near("pills ~3 goodbye", "pills one two three goodbye")
    assert not near("pills ~3 goodbye", "pills. goodbye")
    assert near("(old pills ~2 bye) & cold", "cold. it is late now. bye old pills")
    assert not near("pills & cold", "pills " + "and " * 60 + "cold")


def test_words_without_vowels_are_read(screen: Screen) -> None:
    assert screen.assess("hlp she cnt brth").level is Level.DANGER


def test_a_number_that_is_not_known_gives_the_other_words() -> None:
    assert fill("Call {emergency}.", "Call for help.", {"emergency": "911"}) == "Call 911."
    assert fill("Call {emergency}.", "Call for help.", {"emergency": None}) == "Call for help."
    assert fill("Call {emergency|a doctor}.", "", {}) == "Call a doctor."
