"""Every check that content must pass before it may be said: `python -m bot.library check`.

Responsible for: holding the whole library against the voice, the reading grade, the length of a text message, the
article and itself. Not here: whether a file is well formed (`load` finds that, and it is shown first).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import BadContent
from bot.library.article import copied, read_runs
from bot.library.completeness import is_complete
from bot.library.entries import SHORT_LENGTH
from bot.library.grade import grade
from bot.library.load import read_library
from bot.library.model import Guidance, Library, Option, ServiceMessage, Text
from bot.library.voice import Voice, not_gsm, read_voice

HARDEST_GRADE = 6.5
Entry = Guidance | ServiceMessage


@dataclass(frozen=True)
class Report:
    """What a check found: mistakes in order of file and line, and what still waits for a reviewer."""

    problems: tuple[BadContent, ...]
    library: Library
    texts: int
    not_reviewed: tuple[str, ...]


def check(folder: Path, today: date) -> Report:
    """Hold all content against all rules; never stops at the first mistake."""
    library, problems = read_library(folder, today)
    voice = read_voice(folder, problems)
    article = read_runs(folder)
    for entry in _entries(library):
        problems += _check_entry(entry, voice, article)
    problems += _duplicates(library)
    problems += is_complete(library, folder)
    ordered = sorted(problems, key=lambda problem: (problem.path, problem.line))
    waiting = sorted(entry.id for entry in _entries(library) if entry.reviewed is None)
    return Report(tuple(ordered), library, sum(1 for _ in _all_texts(library)), tuple(waiting))


def _entries(library: Library) -> list[Entry]:
    return [*library.guidance.values(), *library.messages.values()]


def _all_texts(library: Library) -> Iterator[tuple[Entry, str, Text]]:
    for entry in _entries(library):
        for key, texts in entry.lists().items():
            for text in texts:
                yield entry, key, text


def _check_entry(entry: Entry, voice: Voice, article: frozenset[str]) -> Iterator[BadContent]:
    for key, texts in entry.lists().items():
        yield from _too_hard(entry, key, texts)
        for text in texts:
            for words in (text.text, text.short):
                if words:
                    faults = [*voice.faults(words), *_copied(words, article)]
                    yield from (BadContent(text.path, text.line, key, fault) for fault in faults)
            for fault in _sms_faults(key, text):
                yield BadContent(text.path, text.line, key, fault)
    for option in _options(entry):
        yield from _title_faults(option, voice)
    if isinstance(entry, ServiceMessage):
        yield from _phrase_faults(entry, voice)


def _copied(words: str, article: frozenset[str]) -> Iterator[str]:
    run = copied(words, article)
    if run:
        yield f"copies the article ('{run}'); say it in our own words"


def _too_hard(entry: Entry, key: str, texts: tuple[Text, ...]) -> Iterator[BadContent]:
    """The grade is taken over a list; the hardest text of a list that is too hard is named."""
    level = grade(text.text for text in texts)
    if level > HARDEST_GRADE:
        worst = max(texts, key=lambda text: grade([text.text]))
        why = f"reads at grade {level:.1f}, {HARDEST_GRADE} at most; hardest here: '{worst.text}'"
        yield BadContent(worst.path, worst.line, key, why)


def _sms_faults(key: str, text: Text) -> Iterator[str]:
    """What would go wrong in a text message: parts and `short` are sent there as they stand."""
    words = text.short or text.text
    if key != "short" and not key.startswith("parts."):
        return
    odd = not_gsm(words)
    if odd:
        yield f"has characters that a text message can't carry: {odd}"
    if key == "short" and "**" in words:
        yield "has bold in a text message; take the ** out"
    if len(words) > SHORT_LENGTH:
        yield f"has {len(words)} characters; {SHORT_LENGTH} at most"


def _options(entry: Entry) -> Iterator[Option]:
    yield from entry.choices
    if isinstance(entry, ServiceMessage):
        for part in entry.parts.values():
            yield from part.choices


def _title_faults(option: Option, voice: Voice) -> Iterator[BadContent]:
    faults = list(voice.faults(option.title))
    if not voice.may_be_a_title(option.title):
        faults.append(f"'{option.title}' is a reserved word; call the choice something else")
    odd = not_gsm(option.title)
    if odd:
        faults.append(f"has characters that a text message can't carry: {odd}")
    yield from (BadContent(option.path, option.line, "choices", fault) for fault in faults)


def _phrase_faults(message: ServiceMessage, voice: Voice) -> Iterator[BadContent]:
    for key, phrases in (("readings", message.readings), ("titles", message.titles), ("words", message.words)):
        for name, phrase in phrases.items():
            for fault in voice.faults(phrase):
                yield BadContent(message.path, 1, f"{key}.{name}", fault)
        for name, phrase in phrases.items():
            if key == "titles" and not voice.may_be_a_title(phrase):
                yield BadContent(message.path, 1, f"{key}.{name}", f"'{phrase}' is a reserved word")


def _duplicates(library: Library) -> Iterator[BadContent]:
    """No two texts of the whole library say the same."""
    seen: dict[str, tuple[Entry, str]] = {}
    for entry, key, text in _all_texts(library):
        words = _bare(text.text)
        if words in seen and not _own_short(seen[words], entry, key):
            first, where = seen[words]
            why = f"says the same as {first.id}.{where}; word one of them differently"
            yield BadContent(text.path, text.line, key, why)
        seen.setdefault(words, (entry, key))


def _own_short(first: tuple[Entry, str], entry: Entry, key: str) -> bool:
    """A service message that is brief anyway may say the same on SMS as elsewhere."""
    return first[0] is entry and isinstance(entry, ServiceMessage) and {first[1], key} == {"say", "short"}


def _bare(text: str) -> str:
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c.isspace() or c in "{}").split())
