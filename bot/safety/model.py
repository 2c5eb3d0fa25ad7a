"""The values of the safety screen: how grave, what kind, and the rules as a clinician wrote them.

Nothing is decided here. Built by `bot.safety.content`, judged by `bot.safety.screen`, used by the front door,
the library and the brain. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

KINDS = (
    "overdose_now",
    "suicide",
    "medical_emergency",
    "harm_from_others",
    "minor",
    "about_to_use",
    "lapse",
)
"""Gravest first: at one level, the earlier kind is answered."""

_HOLE = re.compile(r"\{([a-z_]+)(?:\|([^{}]*))?\}")


class Level(IntEnum):
    """How fast words must come: danger and urgent get first words at once, concern is left to the dialogue."""

    NONE = 0
    CONCERN = 1
    URGENT = 2
    DANGER = 3

    @property
    def text(self) -> str:
        """The level as it travels in a turn: "none", "concern", "urgent" or "danger"."""
        return self.name.lower()


@dataclass(frozen=True)
class Assessment:
    """What the screen saw in one message. Holds rule names only, never the person's words.

    Attributes:
        kind: "none", one of `KINDS`, or "unreadable".
        level: The gravest level that a rule gave.
        because: Names of the rules that saw it, "kind/rule", gravest first.
        who: "self", or "other" when somebody else is in danger.
        also: Other kinds seen at urgent or danger, gravest first (a child who is hurt is both).
    """

    kind: str
    level: Level
    because: tuple[str, ...] = ()
    who: str = "self"
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One thing to listen for. See `bot.safety.pattern` for how phrases are written.

    It is seen when one phrase of `any_of` is found and every phrase of `all_of` is found somewhere in the message.
    A phrase of `none_of` cancels what stands near it in the same sentence; one of `unless` cancels the whole rule.
    """

    id: str
    kind: str
    level: Level
    who: str
    any_of: tuple[str, ...]
    because: str
    source: str
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class StepChoice:
    """One way on from a step: what the person presses or writes, and the id of the step that follows."""

    title: str
    go: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One message after the first words: one thing to do. Without choices the next in the list follows.

    `in_first`: the first words have said it already, so the person's next message answers it. `last`: the steps end
    here. `anywhere` and `hedges`: words that lead on from every step, and words that are never good news.
    """

    id: str
    say: str
    say_without_line: str
    choices: tuple[StepChoice, ...] = ()
    in_first: bool = False
    last: bool = False
    anywhere: tuple[StepChoice, ...] = ()
    hedges: tuple[str, ...] = ()

    def words(self, lines: Mapping[str, str | None]) -> str:
        """What to say, with this region's numbers; the other wording when a number is not known."""
        return fill(self.say, self.say_without_line, lines)


@dataclass(frozen=True)
class KindContent:
    """All that is said and listened for about one kind of danger.

    `first`, `first_without_line` and `steps` are kept per who: "self" always, "other" when it differs.
    """

    kind: str
    first: Mapping[str, tuple[str, ...]]
    first_without_line: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[Step, ...]]
    rules: tuple[Rule, ...]

    def first_words(self, who: str, lines: Mapping[str, str | None]) -> tuple[str, ...]:
        """The first messages, in order, with this region's numbers.

        Args:
            who: "self" or "other".
            lines: Placeholder name to number ("emergency", "suicide_line", ...); missing or None when not known.
        """
        key = who if who in self.first else "self"
        pairs = zip(self.first[key], self.first_without_line[key])  # noqa: B905 - lengths are checked at load
        return tuple(fill(text, without, lines) for text, without in pairs)

    def steps_for(self, who: str) -> tuple[Step, ...]:
        """The steps that follow the first words."""
        return self.steps.get(who) or self.steps.get("self", ())


def holes(text: str) -> tuple[tuple[str, str], ...]:
    """The placeholders that stand in a text: name, and the words said when the number is not known ("" for none).

    `{suicide_line}` needs its number; `{emergency|your emergency number}` does without.
    """
    return tuple(_HOLE.findall(text))


def fill(text: str, without: str, lines: Mapping[str, str | None]) -> str:
    """Put numbers into a text, or take the wording that needs none."""
    known = {name: number for name, number in lines.items() if number}
    chosen = text if all(name in known or spare for name, spare in holes(text)) else without
    return _HOLE.sub(lambda hole: known.get(hole.group(1)) or hole.group(2) or "", chosen)
