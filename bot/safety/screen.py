"""How worried to be about one message, judged before anything else, from files a clinician can read.

Pure: no clock, no store, no network, no model. Called by the front door on the raw text, and by the brain so that
Rasa's own tools see the same judgement. Never raises: what cannot be judged counts as a possible crisis.
Not here: what to say (`content`) and whom to call (escalation).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.safety.model import KINDS, Assessment, Level, Rule
from bot.safety.nodes import Node, Row
from bot.safety.normalise import Normaliser
from bot.safety.pattern import Parser
from bot.safety.vocabulary import Work
from bot.safety.words import Words

NOTHING = Assessment("none", Level.NONE)
UNREADABLE = Assessment("unreadable", Level.URGENT, ("unreadable",))
_REACH = 7
_LONGEST = 200_000


@dataclass(frozen=True, eq=False)
class _Ready:
    """A rule with its phrases read."""

    rule: Rule
    any_of: tuple[Node, ...]
    all_of: tuple[Node, ...]
    none_of: tuple[Node, ...]
    unless: tuple[Node, ...]


class Screen:
    """Reads messages for danger. Build once; safe to share between threads."""

    def __init__(self, rules: Iterable[Rule], words: Words | None = None) -> None:
        self.rules = tuple(rules)
        words = words or Words()
        self._ready = tuple(sorted((_read(rule, words.parser) for rule in self.rules), key=_gravity))
        self._by_word = _index(self._ready)
        self._normaliser: Normaliser = words.normaliser(_all_words(self._ready))

    def assess(self, text: str, earlier: Sequence[str] = ()) -> Assessment:
        """Say how worried to be about this message, and why.

        The gravest rule decides. A denial alone never makes a crisis disappear. What cannot be read, or is made to
        take too long, is "unreadable" and urgent.

        Args:
            text: The person's words, exactly as they arrived.
            earlier: Their last messages of the past two minutes, oldest first; what the new message completes counts.
        """
        try:
            return self._assess(text, earlier)
        except Exception:  # noqa: BLE001 - a fault in the screen must look like a possible crisis, not like silence
            return UNREADABLE

    def _assess(self, text: str, earlier: Sequence[str]) -> Assessment:
        if len(text) > _LONGEST:
            return UNREADABLE
        unreadable = self._normaliser.is_unreadable(text)
        seen: dict[str, Rule] = {}
        work = Work()
        for past in ((), earlier) if earlier else ((),):
            for row in self._normaliser.rows(text, past, work):
                seen.update((rule.name, rule) for rule in self._seen(row))
        return _verdict(seen.values(), unreadable or work.over)

    def _seen(self, row: Row) -> list[Rule]:
        """The rules that hold; only phrases with a word in common with the text are tried."""
        tried: dict[_Ready, dict[Node, None]] = {}
        for word in row.at.keys() & self._by_word.keys():
            for ready, node in self._by_word[word]:
                tried.setdefault(ready, {})[node] = None
        return [one.rule for one in self._ready if one in tried and _holds(one, tried[one], row)]


def _read(rule: Rule, parser: Parser) -> _Ready:
    groups = (rule.any_of, rule.all_of, rule.none_of, rule.unless)
    return _Ready(rule, *(tuple(parser.parse(phrase) for phrase in group) for group in groups))


def _index(ready: Iterable[_Ready]) -> dict[str, list[tuple[_Ready, Node]]]:
    """For each word, the phrases that cannot match without it or one of its kind."""
    by_word: dict[str, list[tuple[_Ready, Node]]] = {}
    for one in ready:
        for node in one.any_of:
            for word in node.needs() or ():
                by_word.setdefault(word, []).append((one, node))
    return by_word


def _all_words(ready: Iterable[_Ready]) -> set[str]:
    return {
        word
        for one in ready
        for node in (*one.any_of, *one.all_of, *one.none_of, *one.unless)
        for word in node.all_words()
    }


def _gravity(ready: _Ready) -> tuple[int, int]:
    return (-ready.rule.level, KINDS.index(ready.rule.kind))


def _holds(ready: _Ready, nodes: Iterable[Node], row: Row) -> bool:
    ends = 0
    for node in nodes:
        ends |= node.move(row, row.everywhere)
    if not ends:
        return False
    others = [node.move(row, row.everywhere) for node in ready.all_of]
    if not all(others) or any(node.move(row, row.everywhere) for node in ready.unless):
        return False
    kept = ends & ~_near(ready.none_of, row) if ready.none_of else ends
    return bool(kept) and any(places >> (row.new_from + 1) for places in (kept, *others))


def _near(nodes: Iterable[Node], row: Row) -> int:
    """Places within reach of a cancelling phrase, in the same sentence and on the same side of a "but"."""
    last = 0
    for node in nodes:
        last |= node.move(row, row.everywhere) >> 1
    for _ in range(_REACH if last else 0):
        last |= ((last << 1) | (last >> 1)) & row.scope
    return last << 1


def _verdict(seen: Iterable[Rule], unreadable: bool) -> Assessment:
    rules = sorted(seen, key=lambda rule: (-rule.level, KINDS.index(rule.kind)))
    if not rules or (unreadable and rules[0].level < Level.URGENT):
        return UNREADABLE if unreadable else NOTHING
    gravest = rules[0]
    kinds = dict.fromkeys(rule.kind for rule in rules if rule.level >= Level.URGENT and rule.kind != gravest.kind)
    # "my friend texted me he wants to die": a rule that heard somebody else says who, beside one that cannot tell.
    same = [rule for rule in rules if rule.kind == gravest.kind and rule.level >= Level.URGENT]
    who = "other" if any(rule.who == "other" for rule in same or [gravest]) else "self"
    return Assessment(gravest.kind, gravest.level, tuple(rule.name for rule in rules), who, tuple(kinds))
