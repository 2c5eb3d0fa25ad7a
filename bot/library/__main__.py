"""The content tool: `python -m bot.library check | show TOPIC | stale [--days N] | runs FILE`.

For people who write and review content; needs no Rasa. Says what is wrong and where, and ends with 1 when something is.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.library.article import runs
from bot.library.check import Report, check
from bot.library.choose import Situation, compose, compose_part
from bot.library.helplines import Helpline
from bot.library.load import read_library
from bot.library.model import Guidance, Library, ServiceMessage

CONTENT = Path(__file__).resolve().parents[1] / "content"


def main(arguments: list[str], now: datetime) -> int:
    """Run one command; `now` is aware. Returns the exit code."""
    chosen = _parser().parse_args(arguments)
    folder = Path(os.path.relpath(chosen.content))
    today = now.date()
    if chosen.command == "check":
        report = check(folder, today)
        _say(_check_lines(report))
        return 1 if report.problems else 0
    if chosen.command == "runs":
        _say(sorted({key for key, _ in runs(chosen.file.read_text(encoding="utf-8"))}))
        return 0
    library, problems = read_library(folder, today)
    _say([str(problem) for problem in problems])
    if chosen.command == "stale":
        _say(_stale_lines(library, today + timedelta(days=chosen.days)))
        return 0
    return _show(library, chosen.topic, now)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.library", description="Check and show what Nightlight can say."
    )
    parser.add_argument("--content", type=Path, default=CONTENT, help="the content folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="hold all content against all rules")
    show = commands.add_parser("show", help="show one answer as a person would see it, and all its wordings")
    show.add_argument("topic", help="an intent or the id of a service message")
    stale = commands.add_parser("stale", help="list what has expired or soon will, and the numbers nobody has rung")
    stale.add_argument("--days", type=int, default=30, help="how far to look ahead")
    copies = commands.add_parser("runs", help="hash the runs of words of an article, for the copying check")
    copies.add_argument("file", type=Path)
    return parser


def _say(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _check_lines(report: Report) -> Iterator[str]:
    yield from (str(problem) for problem in report.problems)
    library = report.library
    if report.not_reviewed:
        yield f"Nobody has reviewed yet ({len(report.not_reviewed)}): {', '.join(report.not_reviewed)}"
    numbers = sum(len(region.lines) for region in library.regions.values())
    counts = (
        f"{len(library.guidance)} guidance entries, {len(library.messages)} service messages, {report.texts} texts, "
    )
    counts += f"{len(library.regions)} regions with {numbers} lines, {len(library.sources)} sources"
    yield f"All good. {counts}." if not report.problems else f"{len(report.problems)} to mend. {counts}."


def _stale_lines(library: Library, until: date) -> Iterator[str]:
    """What expires up to a day, and which numbers still wait for a test call."""
    for entry in library.guidance.values():
        if entry.expires_on <= until:
            yield f"{entry.path}: {entry.id}: expires on {entry.expires_on}; review it and set a new date"
    for line in (line for region in library.regions.values() for line in region.lines):
        if line.expires_on <= until:
            yield f"{line.path}:{line.line}: {line.id}: expires on {line.expires_on}; ring it and set a new date"
        if _waits_for_call(line):
            yield f"{line.path}:{line.line}: {line.id}: [{line.mark}] nobody has rung it yet"
    yield f"Looked ahead to {until}."


def _waits_for_call(line: Helpline) -> bool:
    return line.dial_tested is None and not line.well_known and bool(line.call or line.text)


def _show(library: Library, topic: str, now: datetime) -> int:
    entry = library.guidance.get(topic) or library.messages.get(topic)
    if entry is None:
        _say([f"There is nothing called '{topic}'. An intent or the id of a message is needed."])
        return 1
    _say(_shown(entry, library, now))
    return 0


def _shown(entry: Guidance | ServiceMessage, library: Library, now: datetime) -> Iterator[str]:
    yield f"{entry.id} ({entry.path})"
    for short in (False, True):
        situation = Situation(at=now, region="US", channel="sms" if short else "web", short=short)
        yield f"--- {'as a text message' if short else 'on the website'} ---"
        yield from _example(entry, situation, library)
    for key, texts in entry.lists().items():
        yield f"--- {key} ({len(texts)}) ---"
        for text in texts:
            yield f"{text.text}{'   [' + ', '.join(text.when) + ']' if text.when else ''}"


def _example(entry: Guidance | ServiceMessage, situation: Situation, library: Library) -> Iterator[str]:
    if isinstance(entry, ServiceMessage) and not entry.say:
        example = {"name": "Sam", "region_name": "Ireland", "rating": "4", "before": "8"}
        spoken_to = Situation(situation.at, situation.region, situation.channel, situation.short, None, example)
        for name in entry.parts:
            yield f"[{name}] {compose_part(entry, name, spoken_to, library).text}"
        return
    phrases = {"first": "you want to use right now", "second": "you used again"}
    at = Situation(situation.at, situation.region, situation.channel, situation.short, None, phrases)
    for reply in compose(entry, at, library).replies():
        yield reply.text
        yield from (f"  [{choice.title}]" for choice in reply.choices)
        if reply.source:
            yield f"  ({reply.source})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], SystemClock().now()))
