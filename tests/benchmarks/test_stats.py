"""The arithmetic behind the figures of `make bench`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.stats import meets, percentile, times_better

figures = st.lists(st.floats(0, 1e9), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 1), (10, 1), (50, 5), (90, 9), (95, 10), (99, 10), (100, 10)],
)
def test_a_percentile_is_one_of_the_values(percent: float, expected: float) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


def test_one_value_is_every_percentile() -> None:
    assert {percentile([7.5], percent) for percent in (0, 50, 99, 100)} == {7.5}


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1], -1), ([1], 101)])
def test_no_percentile_of_nothing(values: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match="at least one value"):
        percentile(values, percent)


@given(figures, st.floats(0, 100))
def test_enough_values_lie_at_or_below_a_percentile(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100 - 1e-9


@given(figures, st.floats(0, 100), st.floats(0, 100))
def test_percentiles_grow(values: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert percentile(values, low) <= percentile(values, high)


def test_a_cost_that_is_lower_is_better() -> None:
    assert times_better(8, 64, less_is_better=True) == 8
    assert times_better(64, 8, less_is_better=True) == 0.125


def test_a_throughput_that_is_higher_is_better() -> None:
    assert times_better(100, 25, less_is_better=False) == 4


@pytest.mark.parametrize(("ours", "stock"), [(None, 1), (1, None), (0, 1), (1, 0), (None, None)])
def test_no_ratio_of_what_was_not_measured(ours: float | None, stock: float | None) -> None:
    assert times_better(ours, stock, less_is_better=True) is None


def test_a_goal_is_met_at_its_very_value() -> None:
    assert meets(10, 10, less_is_better=True) is True
    assert meets(10.01, 10, less_is_better=True) is False
    assert meets(100, 100, less_is_better=False) is True
    assert meets(99, 100, less_is_better=False) is False


def test_without_a_goal_or_a_figure_nothing_is_met_or_missed() -> None:
    assert meets(5, None, less_is_better=True) is None
    assert meets(None, 5, less_is_better=True) is None
