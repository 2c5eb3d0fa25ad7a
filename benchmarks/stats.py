"""The little arithmetic that the figures need."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all values do not exceed (nearest rank).

    Raises:
        ValueError: There are no values, or `percent` is not from 0 to 100.
    """
    if not values or not 0 <= percent <= 100:
        raise ValueError("needs at least one value and a percentage from 0 to 100")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def times_better(ours: float | None, stock: float | None, *, less_is_better: bool) -> float | None:
    """How many times better ours is (below 1: worse); None when one of the two was not measured or is zero."""
    if not ours or not stock:
        return None
    return stock / ours if less_is_better else ours / stock


def meets(value: float | None, goal: float | None, *, less_is_better: bool) -> bool | None:
    """Whether a figure is as good as its goal; None when there is no figure or no goal."""
    if value is None or goal is None:
        return None
    return value <= goal if less_is_better else value >= goal
