"""What must be there: an answer for every intent, a reading for every doubt, the words that protect a life."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import BadContent
from bot.library.intents import (
    GUIDANCE_TOPICS,
    INTENTS,
    MESSAGE_OF_INTENT,
    NEEDS_NALOXONE,
    NEVER_A_READING,
    SAFETY_KIND_OF_INTENT,
    TOPICS,
)
from bot.library.model import Guidance, Library, ServiceMessage

# Said often, in a row of many turns: three wordings at least.
CONVERSATIONAL = frozenset(
    {
        *("greet", "goodbye", "thanks", "affirm", "deny", "inform", "insult", "chitchat", "out_of_scope", "unclear"),
        *("drug_seeking", "bot_challenge", "ask_capabilities", "answer_helpful", "answer_not_helpful", "start_over"),
    }
)
# Not intents, yet the actions and the app say them.
ALSO_NEEDED = (
    *("unclear", "helped", "tolerance", "lapse", "craving", "brain_down", "brain_gave_up", "unreadable", "non_text"),
    *("crisis_fallback", "support_pending"),
)


def is_complete(library: Library, folder: Path) -> Iterator[BadContent]:
    """Everything that is missing, each named with the file it should stand in."""
    yield from _answers(library, folder)
    yield from _readings(library, folder)
    for message in library.messages.values():
        yield from _sayable(message)
        if message.id in CONVERSATIONAL and len(message.say) < 3:
            yield BadContent(message.path, 1, "say", f"needs at least 3, has {len(message.say)}")
    for entry in library.guidance.values():
        yield from _sound(entry)


def _answers(library: Library, folder: Path) -> Iterator[BadContent]:
    for topic, intents in TOPICS.items():
        for intent in intents:
            if topic in GUIDANCE_TOPICS and intent not in library.guidance:
                yield BadContent(
                    str(folder / "guidance" / topic / f"{intent}.yml"), 1, "(file)", "is missing; write it"
                )
            elif topic == "crisis":
                yield from _safety_file(SAFETY_KIND_OF_INTENT[intent], folder)
            elif topic in {"service", "other"}:
                yield from _message(MESSAGE_OF_INTENT.get(intent, intent), library, folder)
    for name in ALSO_NEEDED:
        yield from _message(name, library, folder)


def _message(name: str, library: Library, folder: Path) -> Iterator[BadContent]:
    if name not in library.messages:
        yield _missing(folder / "messages" / f"{name}.yml")


def _safety_file(kind: str, folder: Path) -> Iterator[BadContent]:
    if not any((folder / "safety").rglob(f"{kind}.yml")):
        yield _missing(folder / "safety" / f"{kind}.yml")


def _missing(path: Path) -> BadContent:
    return BadContent(str(path), 1, "(file)", "is missing; write it")


def _readings(library: Library, folder: Path) -> Iterator[BadContent]:
    unclear = library.messages.get("unclear")
    if unclear is None:
        return
    for key, phrases in (("readings", unclear.readings), ("titles", unclear.titles)):
        for intent in sorted(INTENTS - NEVER_A_READING - phrases.keys()):
            yield BadContent(unclear.path, 1, key, f"has nothing for '{intent}'; add it")


def _sayable(message: ServiceMessage) -> Iterator[BadContent]:
    """There is always something to say.

    One text of every list needs no time of day, and no value but the emergency number and what all texts of the
    list need (the caller always has those, as {first} and {second} of `unclear`).
    """
    for key, texts in message.lists().items():
        given = frozenset.intersection(*(text.placeholders for text in texts)) - {"helpline"} if texts else frozenset()
        if texts and not any(text.placeholders <= given | {"emergency"} and not text.when for text in texts):
            why = "needs a text with neither 'when' nor any placeholder but {emergency}"
            yield BadContent(message.path, texts[0].line, key, why)


def _sound(entry: Guidance) -> Iterator[BadContent]:
    if entry.id in NEEDS_NALOXONE and not entry.naloxone:
        yield BadContent(entry.path, 1, "naloxone", "must be true here: tolerance is lost and a life may depend on it")
    if (entry.tag == "article+correction") != (entry.correction is not None):
        yield BadContent(entry.path, 1, "correction", "goes with the tag 'article+correction', and only with it")
    for option in entry.choices:
        if option.to == entry.id:
            yield BadContent(option.path, option.line, "choices", "leads back to this same answer; offer another")
