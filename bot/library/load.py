"""Reads the whole content folder into one `Library`; refuses loudly what is not well formed.

`load_library` is for starting up: the first mistake stops it. `read_library` is for checking: it collects them all.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from bot.errors import BadContent
from bot.library.entries import read_guidance, read_message, read_sources
from bot.library.helplines import ANYWHERE, Region
from bot.library.model import Guidance, Library, ServiceMessage, Source
from bot.library.nodes import Place, read_file
from bot.library.regions import read_region

_Entry_co = TypeVar("_Entry_co", covariant=True)


class _Read(Protocol[_Entry_co]):
    """Makes an entry of one file."""

    def __call__(self, place: Place, *, name: str) -> _Entry_co: ...


def load_library(folder: Path, today: date) -> Library:
    """Everything that can be said, from the content folder.

    Raises:
        BadContent: a file says something it may not; carries file, line and key of the first mistake.
    """
    library, problems = read_library(folder, today)
    if problems:
        raise problems[0]
    return library


def read_library(folder: Path, today: date) -> tuple[Library, list[BadContent]]:
    """The library as far as it can be read, and every mistake found on the way."""
    problems: list[BadContent] = []
    library = Library(
        today=today,
        guidance=MappingProxyType(_guidance(folder, problems)),
        messages=MappingProxyType(_read_all(folder / "messages", problems, read_message)),
        regions=MappingProxyType(_regions(folder, problems)),
        sources=MappingProxyType(_sources(folder, problems)),
    )
    _need_sources(library, problems)
    return library, problems


def _read_all(folder: Path, problems: list[BadContent], read: _Read[_Entry_co]) -> dict[str, _Entry_co]:
    found = {}
    for path in sorted(folder.glob("*.yml")):
        place = read_file(path, str(path), problems)
        if place is not None:
            found[path.stem] = read(place, name=path.stem)
    return found


def _guidance(folder: Path, problems: list[BadContent]) -> dict[str, Guidance]:
    found: dict[str, Guidance] = {}
    for topic in sorted(path for path in (folder / "guidance").glob("*") if path.is_dir()):
        entries = _read_all(topic, problems, partial(read_guidance, topic=topic.name))
        for name in entries.keys() & found.keys():
            problems.append(BadContent(entries[name].path, 1, "id", f"'{name}' is also {found[name].path}"))
        found.update(entries)
    return found


def _regions(folder: Path, problems: list[BadContent]) -> dict[str, Region]:
    found = _read_all(folder / "helplines", problems, read_region)
    if ANYWHERE not in found:
        problems.append(BadContent(str(folder / "helplines"), 1, "(folder)", f"{ANYWHERE}.yml is missing"))
    seen: set[Hashable] = set()
    for line in (line for region in found.values() for line in region.lines):
        if line.id in seen:
            problems.append(BadContent(line.path, line.line, "id", f"'{line.id}' is used twice"))
        seen.add(line.id)
    return found


def _sources(folder: Path, problems: list[BadContent]) -> dict[str, Source]:
    path = folder / "sources.yml"
    if not path.exists():
        problems.append(BadContent(str(path), 1, "(file)", "is missing"))
        return {}
    place = read_file(path, str(path), problems)
    return read_sources(place) if place is not None else {}


def _need_sources(library: Library, problems: list[BadContent]) -> None:
    """Every source that an entry names must be in sources.yml."""
    named: list[tuple[str, int, str]] = []
    entries: list[Guidance | ServiceMessage] = [*library.guidance.values(), *library.messages.values()]
    for entry in entries:
        named += [(entry.path, 1, source) for source in entry.sources]
    for region in library.regions.values():
        named += [(line.path, line.line, line.source) for line in region.lines]
    for path, at, source in named:
        if source and source not in library.sources:
            problems.append(BadContent(path, at, "sources", f"'{source}' is not in sources.yml"))
