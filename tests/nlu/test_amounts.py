"""Amounts are read as people write them, and are not read where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.amounts import Amounts
from bot.nlu.words import FOLDER, read

AMOUNTS = Amounts(read(FOLDER / "amounts.yml"))


def seen(text: str, label: str) -> list[str]:
    return [found.value for found in AMOUNTS.find(text) if found.label == label]


@pytest.mark.parametrize(
    ("text", "value", "days"),
    [
        ("3 wks", "3 weeks", 21),
        ("like 2 months now", "2 months", 60),
        ("90 days", "90 days", 90),
        ("a year and a half", "a year and a half", 547),
        ("two and a half years", "2 and a half years", 912),
        ("six months sober", "6 months", 180),
        ("3wks", "3 weeks", 21),
        ("a couple weeks", "2 weeks", 14),
        ("Few Days", "a few days", 3),
        ("half an hour", "half an hour", 0),
        ("1 day", "1 day", 1),
    ],
)
def test_durations(text: str, value: str, days: int) -> None:
    (found,) = AMOUNTS.find(text)
    assert (found.label, found.value, found.days) == ("duration", value, days)


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("7", "7"), ("about an 8", "8"), ("seven", "7"), ("7/10", "7"), ("a solid 6", "6"), ("im at a 9 rn", "9"),
        ("Maybe like a 4 i guess", "4"), ("10 out of 10", "10"), ("0", "0"), ("3 or 4", "4"),
        ("my mood is like 3.", "3"), ("craving is 8/10 and i hate it", "8"),
    ],
)  # fmt: skip
def test_ratings(text: str, rating: str) -> None:
    assert seen(text, "rating") == [rating]


@pytest.mark.parametrize("text", ["11", "8 hours", "5 people died", "100", "at 8pm", "i used 2 bags"])
def test_other_numbers_are_no_ratings(text: str) -> None:
    assert seen(text, "rating") == []


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8pm", "20:00"), ("9:30 am", "09:30"), ("8 at night", "20:00"), ("at 8 in the evening", "20:00"),
        ("20:00", "20:00"), ("12 am", "00:00"), ("12pm", "12:00"), ("at 7", "07:00"), ("7 P.M.", "19:00"),
    ],
)  # fmt: skip
def test_clock_times(text: str, clock: str) -> None:
    assert seen(text, "time") == [clock]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("call me Sam", "Sam"),
        ("my name is Dee", "Dee"),
        ("im jay", "Jay"),
        ("hi im jay", "Jay"),
        ("I'm Mary Jane", "Mary Jane"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert seen(text, "name") == [name]


@pytest.mark.parametrize("text", ["im tired", "call me later", "i am so done", "im not ok", "im using again"])
def test_no_name_where_none_is_given(text: str) -> None:
    assert seen(text, "name") == []


@given(st.text(max_size=300))
def test_any_text_gives_places_inside_it(text: str) -> None:
    for found in AMOUNTS.find(text):
        assert 0 <= found.start < found.end <= len(text)
