"""Reads amounts from what people write: how long, at what time, how much from 0 to 10, and what to call them.

Pure: text in, places and values out. The words come from bot/nlu/words/amounts.yml. Who calls it: entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_CLOCK = re.compile(
    r"\b(?:(?P<at>at|by|around|about|@)\s*)?(?P<hour>2[0-3]|[01]?\d)(?!\d)(?:[:.](?P<minute>[0-5]\d))?\s*"
    r"(?P<half>[ap]\.?m\b\.?)?(?:\s*(?:in the|at)?\s*(?P<part>morning|afternoon|evening|night|tonight)\b)?",
    re.IGNORECASE,
)
LONGEST_ANSWER = 60  # characters; a longer message with a number in it says something else
_NAME = r"(?P<name>[^\W\d_][\w'-]{0,24}(?:\s(?-i:[A-Z])[\w'-]{1,24})?)"


@dataclass(frozen=True)
class Found:
    """One thing that was read: where it stands, what it means, and `days` for a length of time."""

    label: str
    start: int
    end: int
    value: str
    days: int | None = None


class Amounts:
    """Finds durations, clock times, ratings and names. Built once from the word list."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words
        self._units = {form: unit for unit, forms in words["units"].items() for form in forms}

    def find(self, text: str) -> list[Found]:
        """Everything in the text, in order; only a time and a rating may share a place, for "at 8" answers either."""
        found: list[Found] = []
        for one in (*self._durations(text), *self._times(text), *self._ratings(text), *self._names(text)):
            if not any(_clash(one, other) for other in found):
                found.append(one)
        return sorted(found, key=lambda one: one.start)

    def _durations(self, text: str) -> Iterator[Found]:
        for match in self._duration.finditer(text):
            unit = self._units[match["unit"].lower()]
            number, halved = match["number"].lower(), bool(match["half"] or match["late_half"])
            amount = self._number(number) + (0.5 if halved else 0)
            days = int(amount * self._words["days"][unit] + 0.001)
            yield Found("duration", match.start("number"), match.end(), self._say(number, halved, unit), days)

    def _number(self, word: str) -> float:
        word = " ".join(word.split())
        numbers = {**self._words["numbers"], **self._words["vague"]}
        return float(numbers[word]) if word in numbers else float(word)

    def _say(self, number: str, halved: bool, unit: str) -> str:
        if number in ("a few", "few", "several"):
            return f"a few {unit}s"
        amount = self._number(number)
        if amount == 0.5:
            return f"half {'an' if unit == 'hour' else 'a'} {unit}"
        if halved and amount == 1:
            return f"{'an' if unit == 'hour' else 'a'} {unit} and a half"
        whole = f"{amount:g}{' and a half' if halved else ''}"
        return f"{whole} {unit}{'' if whole == '1' else 's'}"

    def _times(self, text: str) -> Iterator[Found]:
        for match in _CLOCK.finditer(text):
            if match["half"] or match["part"] or match["minute"] or match["at"]:
                start = match.start("hour")
                yield Found("time", start, match.end(), _clock(match))

    def _ratings(self, text: str) -> Iterator[Found]:
        alone = self._rating_alone.fullmatch(text) if len(text) <= LONGEST_ANSWER else None
        for match in (alone, self._rating_of_ten.search(text)):
            if match:
                # "3 or 4": the higher one, because more care does no harm
                rating = max(int(self._number(word.lower())) for word in match.group("rating", "or") if word)
                if rating <= 10:
                    yield Found("rating", match.start("rating"), match.end("rating"), str(rating))

    def _names(self, text: str) -> Iterator[Found]:
        for match in (self._name_after.search(text), self._name_alone.fullmatch(text)):
            if match and match["name"].split()[0].lower() not in self._words["not_names"]:
                yield Found("name", match.start("name"), match.end("name"), _cased(match["name"]))

    @cached_property
    def _duration(self) -> re.Pattern[str]:
        words = _any([*self._words["numbers"], *self._words["vague"]])
        number = rf"(?<![\w.:/])(?P<number>\d{{1,4}}(?:\.\d)?|{words})"
        half = r"(?P<half>\s*(?:and a half|n a half|1/2))?"
        unit = rf"[\s-]*(?P<unit>{_any(self._units)})\b(?P<late_half>\s+(?:and|n)\s+a\s+half\b)?"
        return re.compile(number + half + unit, re.IGNORECASE)

    @cached_property
    def _rating_alone(self) -> re.Pattern[str]:
        around = rf"(?:(?:{_any(self._words['rating_around'])})\b\W*)*"
        return re.compile(rf"\W*{around}{self._rating}(?:\s*(?:/|out of)\s*(?:10|ten))?\b\W*{around}", re.IGNORECASE)

    @cached_property
    def _rating_of_ten(self) -> re.Pattern[str]:
        return re.compile(rf"{self._rating}\s*(?:/|out of)\s*(?:10|ten)\b", re.IGNORECASE)

    @cached_property
    def _rating(self) -> str:
        number = rf"10|\d|{_any(self._words['numbers'])}"
        return rf"\b(?P<rating>{number})(?:\s*(?:or|to|-)\s*(?P<or>{number}))?"

    @cached_property
    def _name_after(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_any(self._words['name_after'])})\s+{_NAME}", re.IGNORECASE)

    @cached_property
    def _name_alone(self) -> re.Pattern[str]:
        before = rf"\W*(?:(?:hi|hey|hello)\W+)?(?:{_any(self._words['name_alone'])})"
        return re.compile(rf"{before}\s+{_NAME}\W*", re.IGNORECASE)


def _clash(one: Found, other: Found) -> bool:
    apart = one.end <= other.start or one.start >= other.end
    return not apart and {one.label, other.label} != {"time", "rating"}


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"] or "00"
    half, part = (match["half"] or "").lower(), (match["part"] or "").lower()
    if hour <= 12 and (half or part):
        late = half.startswith("p") or (not half and part in ("afternoon", "evening", "night", "tonight"))
        hour = hour % 12 + (12 if late else 0)
    return f"{hour:02d}:{minute}"


def _cased(name: str) -> str:
    return name if not name.islower() else name.capitalize()


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda w: (-len(w), w)))
