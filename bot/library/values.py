"""Puts what a person said into a sentence of ours, as harmless data.

Pure. A value never brings markup, braces or line breaks with it; durations are written out ("3 wks" becomes
"three weeks"); a value at the start of a sentence gets its capital.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST_VALUE = 60
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_STARTS_SENTENCE = re.compile(r"(?:^|[.?!][\"')*]*\s+|\n\s*)[*\"'(]*$")
_NOT_WORDS = re.compile(r"[{}<>\[\]*_`~|\\^#]|https?://\S*|[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_UNITS = {
    "minute": "min mins minute minutes",
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "w wk wks week weeks",
    "month": "mo mos mth mths month months",
    "year": "y yr yrs year years",
}
_UNIT_OF = {short: unit for unit, shorts in _UNITS.items() for short in shorts.split()}
_SPAN = re.compile(r"(?<![\w.,/-])(\d{1,4})\s*([a-z]+)\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:(?:in|for|like|its|it's|been)\s+)+", re.IGNORECASE)
_UNIT_WORD = re.compile(r"\b(wks?|mos?|mths?|hrs?|yrs?|mins?)\b", re.IGNORECASE)


def neutral(value: str) -> str:
    """The value without anything that could be read as markup; may be empty.

    On one line, `LONGEST_VALUE` characters at most, with no full stop at its end.
    """
    plain = " ".join(_NOT_WORDS.sub(" ", value).split())
    return plain[:LONGEST_VALUE].strip(" .,;:!?")


def span_in_words(value: str) -> str:
    """A duration as one says it: "3 wks" is "three weeks", "like a couple mos" is "a couple months"."""
    said = _SPAN.sub(_one_span, _LEAD.sub("", value.strip()))
    return _UNIT_WORD.sub(lambda m: _plural(_UNIT_OF[m[1].lower()], m[1][-1] in "sS"), said)


def _one_span(match: re.Match[str]) -> str:
    unit = _UNIT_OF.get(match[2].lower())
    if unit is None:
        return match[0]
    count = int(match[1])
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {_plural(unit, count != 1)}"


def _plural(unit: str, many: bool) -> str:
    return unit + "s" if many else unit


def prepared(values: Mapping[str, str]) -> dict[str, str]:
    """The values that can be used in a sentence: neutral, in our words where the person spoke of themselves."""
    ready = {}
    for name, value in values.items():
        plain = neutral(value)
        if name == "duration":
            plain = span_in_words(plain)
        if name in {"person", "place", "treatment"}:
            plain = re.sub(r"^my\b", "your", plain, flags=re.IGNORECASE)
        if plain:
            ready[name] = plain
    return ready


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; every one of them must be in `values`."""

    def one(match: re.Match[str]) -> str:
        value = values[match[1]]
        opens = _STARTS_SENTENCE.search(text[: match.start()]) is not None
        return value[0].upper() + value[1:] if opens else value

    return _PLACEHOLDER.sub(one, text)
