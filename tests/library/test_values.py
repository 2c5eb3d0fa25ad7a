"""What a person said is data: it brings no markup into our sentences, and it reads well in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.values import LONGEST_VALUE, filled, neutral, prepared, span_in_words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("3 wks", "three weeks"),
        ("like 3 wks", "three weeks"),
        ("for 2mo", "two months"),
        ("a couple mos", "a couple months"),
        ("1 wk", "one week"),
        ("90 days", "90 days"),
        ("12 HRS", "twelve hours"),
        ("3-4 wks", "3-4 weeks"),
        ("2.5 yrs", "2.5 years"),
        ("since Friday", "since Friday"),
        ("a while", "a while"),
    ],
)
def test_durations_are_said_in_words(said: str, words: str) -> None:
    assert span_in_words(said) == words


def test_a_value_gets_its_capital_at_the_start_of_a_sentence_only() -> None:
    values = prepared({"duration": "3 wks", "person": "my sponsor"})
    assert filled("{duration} is long. {person} knows.", values) == "Three weeks is long. Your sponsor knows."
    assert filled("After {duration}, tell {person}.", values) == "After three weeks, tell your sponsor."
    assert filled("Yes.\n\n**{duration}** is long", values) == "Yes.\n\n**Three weeks** is long"


def test_markup_links_and_control_characters_are_taken_out() -> None:
    assert neutral("{name} **<b>Sam</b>** `x`\n[y](https://evil.example/a)") == "name b Sam /b x y ("
    assert neutral("\u202eSam\u200b") == "Sam"


def test_a_value_that_is_only_markup_is_not_known() -> None:
    assert prepared({"name": "{}**"}) == {}


@given(st.text())
def test_no_value_carries_markup(value: str) -> None:
    plain = neutral(value)
    assert not set(plain) & set("{}<>[]*_`~|\\\n\r")
    assert len(plain) <= LONGEST_VALUE


@given(st.text(), st.text())
def test_a_value_is_never_read_as_a_placeholder(name: str, person: str) -> None:
    values = prepared({"name": f"{{person}}{name}", "person": person or "x"}) | {"emergency": "911"}
    if "person" in values and "name" in values:
        assert "{" not in filled("{name} and {person} and {emergency}", values)
