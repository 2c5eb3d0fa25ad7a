"""The content library: everything that is said to a person, read from bot/content and chosen for the moment.

Nothing else reads content files (the safety screen has its own). Stdlib and PyYAML only; runs in both environments.
"""

from bot.library.choose import (
    Composed,
    Situation,
    compose,
    compose_more,
    compose_part,
    compose_why,
    part_of_day,
    tolerance_words,
)
from bot.library.helplines import Emergency, Helpline, Region, spoken
from bot.library.load import load_library, read_library
from bot.library.model import Guidance, Library, Option, Part, ServiceMessage, Source, Text

__all__ = [
    "Composed",
    "Emergency",
    "Guidance",
    "Helpline",
    "Library",
    "Option",
    "Part",
    "Region",
    "ServiceMessage",
    "Situation",
    "Source",
    "Text",
    "compose",
    "compose_more",
    "compose_part",
    "compose_why",
    "load_library",
    "part_of_day",
    "read_library",
    "spoken",
    "tolerance_words",
]
