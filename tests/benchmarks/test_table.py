"""The table and the picture of `make bench` say what was measured, and nothing that was not."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks import chart
from benchmarks.table import Figure, Row, figures, goal_of, number, render, rows

SVG = "{http://www.w3.org/2000/svg}"
COST = Figure("turn_cpu", "a turn", "ms", 10)
RATE = Figure("per_second_8", "turns <8>", "/s", 100, less_is_better=False)


def line_of(text: str, label: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith(label)).split()


def test_every_figure_has_its_own_name() -> None:
    keys = [figure.key for figure in figures((10, 500, 2000))]
    assert len(set(keys)) == len(keys)


def test_labels_say_how_long_the_conversations_were() -> None:
    labels = {figure.key: figure.label for figure in figures((10, 40, 1200))}
    assert labels["cpu_large"] == "turn after 1,200 messages, CPU"
    assert labels["growth"] == "turn after 1,200 messages / after 10"


def test_a_line_holds_both_sides_the_ratio_the_goal_and_the_verdict() -> None:
    text = render([Row(COST, 8.0, 64.0)], [])
    assert line_of(text, "a turn") == ["a", "turn", "[ms]", "8.00", "64.0", "8.00", "<=", "10", "ms", "met"]


def test_a_missed_goal_stands_out() -> None:
    assert line_of(render([Row(RATE, 25.0, 50.0)], []), "turns")[-1] == "MISSED"


def test_one_side_alone_has_no_ratio() -> None:
    assert line_of(render([Row(COST, None, 64.0)], []), "a turn")[3:6] == ["-", "64.0", "-"]


def test_what_nobody_measured_has_no_line() -> None:
    made = rows([COST, RATE], {"turn_cpu": 8.0}, {})
    assert [row.figure.key for row in made] == ["turn_cpu"]


def test_columns_stand_below_one_another() -> None:
    table = render([Row(COST, 8.0, 64.0), Row(RATE, 120.0, 25.0)], []).splitlines()
    assert table[2].index("<=") == table[3].index(">=") == table[0].index("goal")


def test_the_caption_follows_after_an_empty_line() -> None:
    assert render([Row(COST, 8.0, 64.0)], ["QUICK RUN", "load 3"]).splitlines()[-3:] == ["", "QUICK RUN", "load 3"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (0.126, "0.13"), (9.99, "9.99"), (12.34, "12.3"), (100, "100"), (12345.6, "12,346")],
)
def test_numbers_have_the_digits_that_can_be_read(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_goals_say_which_way_is_better() -> None:
    assert goal_of(COST) == "<= 10 ms"
    assert goal_of(RATE) == ">= 100 /s"
    assert goal_of(Figure("x", "x", "s")) == ""


def widths(picture: str) -> list[float]:
    root = ElementTree.fromstring(picture)
    return [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")][1:]


def test_the_picture_has_a_bar_for_each_ratio_and_none_for_a_figure_of_one_side() -> None:
    picture = chart.svg([Row(COST, 8.0, 64.0), Row(RATE, 120.0, 25.0), Row(COST, 8.0, None)], "how much better")
    assert len(widths(picture)) == 2
    assert "turns &lt;8&gt;" in picture


def test_bars_are_as_long_as_the_ratio_has_powers_of_ten() -> None:
    ten, hundred = widths(chart.svg([Row(COST, 1.0, 10.0), Row(COST, 1.0, 100.0)], "t"))
    assert hundred == pytest.approx(2 * ten, abs=0.2)


def test_worse_than_stock_goes_to_the_other_side_in_another_colour() -> None:
    picture = chart.svg([Row(COST, 10.0, 5.0)], "t")
    assert chart.WORSE in picture
    assert chart.BETTER not in picture


def test_a_picture_of_nothing_is_still_a_picture() -> None:
    assert ElementTree.fromstring(chart.svg([], "t")).tag == f"{SVG}svg"
