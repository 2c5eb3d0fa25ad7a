"""The ratios as a picture: one bar a figure, on a scale of powers of ten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from benchmarks.table import Row, number

LEFT, WIDTH, BAR, GAP, TOP, FOOT = 380, 420, 18, 8, 46, 30
BETTER, WORSE = "#2f6f62", "#a5502f"


def svg(lines: Sequence[Row], title: str) -> str:
    """A bar chart of how many times better Nightlight is, one bar for each figure that both sides have."""
    shown = [(row, row.ratio) for row in lines if row.ratio]
    low, high = _span([ratio for _, ratio in shown])
    height = TOP + len(shown) * (BAR + GAP) + FOOT
    parts = [_head(title, height), *_grid(low, high, height)]
    for place, (row, ratio) in enumerate(shown):
        parts.append(_bar(row.figure.label, ratio, TOP + place * (BAR + GAP), low, high))
    return "\n".join([*parts, "</svg>", ""])


def _span(ratios: Sequence[float]) -> tuple[int, int]:
    """The powers of ten between which everything lies; 1 is always inside."""
    logs = [math.log10(ratio) for ratio in ratios] or [0.0]
    return min(0, math.floor(min(logs))), max(1, math.ceil(max(logs)))


def _x(ratio: float, low: int, high: int) -> float:
    return LEFT + WIDTH * (math.log10(ratio) - low) / (high - low)


def _head(title: str, height: int) -> str:
    width = LEFT + WIDTH + 80
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t" '
        f'font-family="system-ui, sans-serif" font-size="12">\n<title id="t">{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="12" y="20" font-size="14" fill="#222">{escape(title)}</text>'
    )


def _grid(low: int, high: int, height: int) -> list[str]:
    lines = []
    for power in range(low, high + 1):
        x, label = _x(10.0**power, low, high), f"{10.0**power:g}x"
        colour = "#222" if power == 0 else "#ccc"
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - FOOT}" stroke="{colour}"/>')
        lines.append(f'<text x="{x:.1f}" y="{height - FOOT + 16}" text-anchor="middle" fill="#555">{label}</text>')
    return lines


def _bar(label: str, ratio: float, y: int, low: int, high: int) -> str:
    start, end = sorted((_x(1, low, high), _x(ratio, low, high)))
    middle, colour = y + BAR - 5, BETTER if ratio >= 1 else WORSE
    return (
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end" fill="#222">{escape(label)}</text>\n'
        f'<rect x="{start:.1f}" y="{y}" width="{end - start:.1f}" height="{BAR}" fill="{colour}"/>\n'
        f'<text x="{end + 6:.1f}" y="{middle}" fill="#222">{number(ratio)}x</text>'
    )
