"""The steps after the first words: reading them, and what an answer in a person's own words leads to.

Pure. Who calls it: `bot.safety.content` reads, the brain's crisis actions follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.safety.model import Step, StepChoice

Check = Callable[[bool, Any, str, str], None]
CheckText = Callable[..., None]


def read_flow(item: Any, hedges: Sequence[str], check: Check, check_text: CheckText) -> tuple[Step, ...]:
    """The steps of one kind for one `who`, each with the words that lead away from everywhere."""
    anywhere = tuple(_choice(choice) for choice in item.get("anywhere", ()))
    steps = tuple(_step(step, anywhere, hedges, check_text) for step in item.get("steps", ()))
    ids = [step.id for step in steps]
    check(len(ids) == len(set(ids)), item, "steps", "an id stands twice")
    for step in steps:
        for choice in (*step.choices, *step.anywhere):
            check(choice.go in ids, item, "steps", f"{step.id}: no step {choice.go!r}")
    return steps


def _step(item: Any, anywhere: tuple[StepChoice, ...], hedges: Sequence[str], check_text: CheckText) -> Step:
    without = item.get("say_without_line", item["say"])
    check_text(item, "say", item["say"])
    check_text(item, "say_without_line", without, needs_none=True)
    choices = tuple(_choice(choice) for choice in item.get("choices", ()))
    flags = {key: item.get(key) == "true" for key in ("in_first", "last")}
    return Step(item["id"], item["say"], without, choices, anywhere=anywhere, hedges=tuple(hedges), **flags)


def _choice(item: Mapping[str, Any]) -> StepChoice:
    return StepChoice(item.get("title", ""), item["go"], tuple(item.get("words", ())))


def way_on(step: Step, text: str) -> str | None:
    """The step that these words lead to, or None when they do not say.

    The longest phrase that is found decides; a hedge that is longer than any good news counts as the worse news.
    """
    said = f" {plain(text)} "
    found = [
        (len(word), choice.go)
        for choice in (*step.choices, *step.anywhere)
        for word in choice.words
        if f" {plain(word)} " in said
    ]
    best = max(found, default=(0, ""))
    hedged = any(f" {plain(hedge)} " in said for hedge in step.hedges)
    if hedged and len(step.choices) > 1 and best[1] in ("", step.choices[0].go):
        return step.choices[1].go
    return best[1] or None


def plain(text: str) -> str:
    """Lower case, no apostrophes, only words."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’`]", "", text.lower())).split())
