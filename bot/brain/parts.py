"""Splits a message that may say two things.

Pure text work: sentence ends, line breaks and the joints "but", "also", "and". What the parts mean is for the
classifier to say; here is where to cut, and which of two readings comes first.
"""

from __future__ import annotations

import re

from bot.library.intents import TOPICS

_JOINTS = re.compile(r"[.!?;\n]+\s+|\s+(?:but|also|plus|and also|and|n also|pero|y)\s+", re.IGNORECASE)
SURE = 0.65
_GRAVE = ("lapse_happened", "about_to_use", "craving_now", "withdrawal_discomfort")
GRAVITY: dict[str, int] = {
    **{name: level for level, topic in ((0, "crisis"), (2, "warning_signs"), (2, "states"),
                                            (3, "questions"), (4, "service"))
       for name in TOPICS[topic]},
    **dict.fromkeys(_GRAVE, 1),
}  # fmt: skip
"""How grave a reading is, gravest first; what is not in here is small talk."""
WORTH_OFFERING = 3
NOT_GRAVE = 5
LEAST_WORDS = 3
MOST_PARTS = 4
LONGEST = 600


def other_parts(text: str) -> list[str]:
    """The parts of a message that can stand alone; empty when it is one thought.

    Args:
        text: The person's words.

    Returns:
        Two to `MOST_PARTS` parts of at least `LEAST_WORDS` words each, in order, or nothing.
    """
    if len(text) > LONGEST:
        return []
    parts = [part.strip() for part in _JOINTS.split(text)]
    parts = [part for part in parts if len(part.split()) >= LEAST_WORDS]
    return parts[:MOST_PARTS] if len(parts) > 1 else []


def grave_first(whole: str | None, sureness: float, parts: list[tuple[str, float]]) -> tuple[str | None, list[str]]:
    """Which of several readings is answered first, and which are offered after it.

    The whole message keeps its reading unless a part is read with more certainty as something graver.

    Args:
        whole, sureness: How the whole message was read, and how surely (0 to 1).
        parts: The same for each part.
    """
    sure = [(name, score) for name, score in parts if score >= SURE and name in GRAVITY]
    first, level = whole, GRAVITY.get(whole or "", NOT_GRAVE)
    for name, score in sure:
        if GRAVITY[name] < level and score > sureness:
            first, level = name, GRAVITY[name]
    rest = [name for name, _ in sure if name != first and GRAVITY[name] <= WORTH_OFFERING]
    if first != whole and whole in GRAVITY and GRAVITY[whole] <= WORTH_OFFERING and sureness >= SURE:
        rest.insert(0, whole)
    return first, list(dict.fromkeys(rest))
