"""Splits a message that may say two things.

Pure text work: sentence ends, line breaks and the joints "but", "also", "and". Whether the parts really mean two
things is for the classifier to say; here is only where to cut.
"""

from __future__ import annotations

import re

_JOINTS = re.compile(r"[.!?;\n]+\s+|\s+(?:but|also|plus|and also|and|n also|pero|y)\s+", re.IGNORECASE)
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
