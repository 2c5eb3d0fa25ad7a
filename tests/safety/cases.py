"""What the tests of the safety screen share: the rules' own proofs, and the ways in which text is bent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from bot.safety import KINDS, Assessment, Level, Rule, load_content

HERE = Path(__file__).resolve().parent
CONTENT = HERE.parents[1] / "bot" / "content" / "safety"
LEAST = {kind: Level.CONCERN if kind == "lapse" else Level.URGENT for kind in KINDS}
LOOKALIKES = str.maketrans("aceopxyi", "асеорхуі")


def rules() -> list[Rule]:
    return [rule for kind in load_content(CONTENT).values() for rule in kind.rules]


def proofs(key: str) -> Iterator[tuple[str, Rule, str]]:
    for rule in rules():
        for place, text in enumerate(getattr(rule, key), 1):
            yield f"{rule.kind}.yml:{rule.id}:{place}", rule, text


def held_out() -> tuple[list[tuple[str, str]], list[str]]:
    """The texts that no rule was written from: (kind, text) and everyday ones."""
    data = yaml.safe_load((HERE / "held_out.yml").read_text("utf-8"))
    positives = [(kind, str(text)) for kind, texts in data["positives"].items() for text in texts]
    return positives, [str(text) for text in data["negatives"]]


def is_seen(kind: str, seen: Assessment) -> bool:
    """True when the danger is answered: as this kind, beside a graver one, or as a graver one."""
    if seen.level < LEAST[kind] or seen.kind not in KINDS:
        return False
    return kind in seen.also or KINDS.index(seen.kind) <= KINDS.index(kind)


def fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def stretched(text: str) -> str:
    """Every word ends in five more of its last letter: "pleaseeeeee"."""
    return " ".join(w + w[-1] * 5 if re.fullmatch("[A-Za-z']+[A-Za-z]", w) else w for w in text.split(" "))


BENT: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "zero-width": "\u200b".join,
    "fullwidth": fullwidth,
    "combining": lambda text: "".join(c + "\u0336" if c.isalpha() else c for c in text),
    "lookalikes": lambda text: text.translate(LOOKALIKES),
    "extra-spaces": lambda text: "   " + text.replace(" ", " \t\u00a0 ") + "  ",
    "stretched": stretched,
    "variation-selectors": lambda text: "".join(c + "\ufe0f" for c in text),
}
