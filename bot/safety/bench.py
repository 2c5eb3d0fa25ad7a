"""How long the screen takes, printed: `python -m bot.safety.bench`. A figure to read, never a test."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from bot.safety.content import load_screen
from bot.safety.screen import Screen

CONTENT = Path(__file__).resolve().parents[1] / "content" / "safety"
SIZE = 65_536
HOSTILE = {
    "one letter": "a",
    "spaced letters": "a ",
    "crisis words": "i want to kill my self ",
    "nearly a crisis": "i want to kill my he took his not lips with chest ",
    "breaks": ". ",
    "combining marks": "e\u0301\u0302",
    "ligatures": "\ufdfa",
    "tags": "<b",
    "entities": "&#",
    "number letters": "k1!l$ ",
    "censored": "a*b*c*d ",
    "o.d.": "o.d.",
    "stretched": "aabbccc ",
}


def hostile_texts() -> dict[str, str]:
    """Texts of 64 KB made to be slow, by name."""
    texts = {name: (piece * (SIZE // len(piece) + 1))[:SIZE] for name, piece in HOSTILE.items()}
    texts["all different"] = " ".join(f"s{i:x}verdo" for i in range(SIZE // 9))[:SIZE]
    texts["near misspellings"] = " ".join(f"breath{a}{b}{c}g" for a in "abcdefgh" for b in ABC for c in ABC)[:SIZE]
    texts["joined words"] = " ".join(f"idontwant{a}{b}" for a in ABC for b in ABC) * 10
    return {name: text[:SIZE] for name, text in texts.items()}


ABC = "abcdefghijklmnopqrstuvwxyz"


def milliseconds(screen: Screen, text: str) -> float:
    """The best of three, in milliseconds."""
    best = float("inf")
    for _ in range(3):
        start = perf_counter()
        screen.assess(text)
        best = min(best, perf_counter() - start)
    return best * 1_000


def main() -> None:
    """Print p50, p99 and the slowest of the rules' own examples, then every hostile text."""
    screen = load_screen(CONTENT)
    texts = [text for rule in screen.rules for text in (*rule.must_match, *rule.must_not_match)]
    times = sorted(milliseconds(screen, text) for text in texts)
    out = sys.stdout.write
    out(f"{len(times)} messages: p50 {times[len(times) // 2]:.2f} ms, p99 {times[len(times) * 99 // 100]:.2f} ms, ")
    out(f"max {times[-1]:.2f} ms\n")
    for name, text in hostile_texts().items():
        out(
            f"{name:>20}: {milliseconds(screen, text):6.1f} ms for {len(text)} characters, {screen.assess(text).kind}\n"
        )


if __name__ == "__main__":
    main()
