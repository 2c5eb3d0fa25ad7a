"""Messages that say two things: where to cut, and what comes first."""

import pytest

from bot.brain.parts import grave_first, other_parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("i feel out of control", 0),
        ("i stopped going to meetings and i cant sleep at night", 2),
        ("my mom died last week. i really want to use", 2),
        ("yes. no", 0),
        ("x " * 1000, 0),
    ],
)
def test_only_parts_that_can_stand_alone_are_cut(text: str, count: int) -> None:
    assert len(other_parts(text)) == count


def test_the_graver_reading_comes_first_and_the_other_is_offered() -> None:
    first, rest = grave_first("ask_find_meeting", 0.7, [("ask_find_meeting", 0.8), ("lapse_happened", 0.9)])
    assert (first, rest) == ("lapse_happened", ["ask_find_meeting"])


def test_an_unsure_part_changes_nothing() -> None:
    assert grave_first("sleep_problems", 0.9, [("lapse_happened", 0.4)]) == ("sleep_problems", [])


def test_small_talk_is_not_offered() -> None:
    assert grave_first("pain", 0.9, [("greet", 0.9), ("pain", 0.9)]) == ("pain", [])
