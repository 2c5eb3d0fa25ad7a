"""The figures that are printed, their goals, and the table that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.stats import meets, times_better

Figures = Mapping[str, float]
HEAD = ("", "Nightlight", "stock starter", "times better", "goal", "")
MET = {True: "met", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, in which unit, and which way is better."""

    key: str
    label: str
    unit: str
    goal: float | None = None
    less_is_better: bool = True


@dataclass(frozen=True)
class Row:
    """A figure with what both sides gave; `ratio` above 1 means that Nightlight is better."""

    figure: Figure
    ours: float | None
    stock: float | None

    @property
    def ratio(self) -> float | None:
        return times_better(self.ours, self.stock, less_is_better=self.figure.less_is_better)

    @property
    def met(self) -> bool | None:
        return meets(self.ours, self.figure.goal, less_is_better=self.figure.less_is_better)


def figures(sizes: Sequence[int]) -> list[Figure]:
    """Everything that is measured, in the order of the table; `sizes` are the lengths of the growing conversation."""
    small, middle, large = sizes
    return [
        Figure("turn_cpu", "turn with a custom action, CPU of all processes", "ms", 10),
        Figure("turn_p50", "the same turn, wall, p50", "ms", 15),
        Figure("turn_p95", "the same turn, wall, p95", "ms"),
        Figure("per_second_1", "turns per second, 1 conversation", "/s", less_is_better=False),
        Figure("per_second_8", "turns per second, 8 conversations at once", "/s", 100, less_is_better=False),
        Figure("per_second_32", "turns per second, 32 conversations at once", "/s", less_is_better=False),
        Figure("cpu_small", f"turn after {small:,} messages, CPU", "ms"),
        Figure("cpu_middle", f"turn after {middle:,} messages, CPU", "ms"),
        Figure("cpu_large", f"turn after {large:,} messages, CPU", "ms"),
        Figure("growth", f"turn after {large:,} messages / after {small:,}", "x", 1.1),
        Figure("memory_start", "memory of all processes, after start", "MB", 350),
        Figure("memory_load", "memory of all processes, after the load", "MB", 350),
        Figure("start", "start to the first right answer", "s", 6),
        Figure("start_crisis", "start to the first crisis answer", "s", 1),
        Figure("train_wall", "training from scratch, wall", "s", 45),
        Figure("train_cpu", "training from scratch, CPU", "s"),
        Figure("screen_p50", "safety screen, held-out messages, p50", "ms"),
        Figure("screen_p99", "safety screen, held-out messages, p99", "ms", 1),
        Figure("screen_max", "safety screen, held-out messages, slowest", "ms", 50),
        Figure("screen_worst", "safety screen, slowest 64 KB input", "ms", 50),
    ]


def rows(wanted: Iterable[Figure], ours: Figures, stock: Figures) -> list[Row]:
    """Put both sides' figures beside one another; a figure that nobody measured has no line."""
    made = [Row(figure, ours.get(figure.key), stock.get(figure.key)) for figure in wanted]
    return [row for row in made if row.ours is not None or row.stock is not None]


def render(lines: Sequence[Row], caption: Iterable[str]) -> str:
    """The table as text, with its caption below."""
    cells = [HEAD, *(_cells(row) for row in lines)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEAD))]
    text = [_line(line, widths) for line in cells]
    text.insert(1, "  ".join("-" * width for width in widths if width))
    return "\n".join([*text, "", *caption])


def number(value: float | None) -> str:
    """A figure with as many digits as can be read at a glance."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def goal_of(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'<=' if figure.less_is_better else '>='} {figure.goal:g} {figure.unit}"


def _cells(row: Row) -> tuple[str, ...]:
    label = f"{row.figure.label} [{row.figure.unit}]"
    return (label, number(row.ours), number(row.stock), number(row.ratio), goal_of(row.figure), MET[row.met])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    for left in (0, 4, 5):
        padded[left] = cells[left].ljust(widths[left])
    return "  ".join(padded).rstrip()
