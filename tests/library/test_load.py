"""A mistake in a content file is refused at start, and named by file, line and key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadContent
from bot.library import load_library, read_library

from .conftest import TODAY

Spoil = Callable[[str, str], Path]


def only_problem(folder: Path) -> BadContent:
    _, problems = read_library(folder, TODAY)
    assert len(problems) == 1, [str(p) for p in problems]
    return problems[0]


def test_good_content_loads_frozen(folder: Path) -> None:
    library = load_library(folder, TODAY)
    entry = library.guidance["isolating"]
    assert entry.reflect[3].placeholders == {"duration"}
    assert entry.reflect[4].when == ("night",)
    with pytest.raises(FrozenInstanceError):
        entry.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        library.guidance["x"] = entry  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        ("title: Pulling away", "titel: Pulling away", 3, "titel", "not a key"),
        ("audience: self", "audience: everyone", 4, "audience", "not one of"),
        ('  - "One."', "  - 911", 6, "reflect[1]", "in quotes"),
        ("{duration}", "{dration}", 9, "reflect[4]", "not a placeholder"),
        ("[night]", "[nights]", 11, "reflect[5].when[1]", "not one of"),
        ("to: ask_find_meeting", "to: find_meeting", 16, "choices[1].to", "not an intent"),
        ("title: Find a meeting,", "title: Find a meeting that is near to me,", 16, "choices[1].title", "32 at most"),
        ('"Why one.", ', "", 19, "why", "at least 2"),
        ("naloxone: false", "naloxone: maybe", 22, "naloxone", "true or false"),
        ("sources: [helplines]", "sources: []", 23, "sources", "at least 1"),
        ("expires_on: 2027-11-25", "expires_on: soon", 27, "expires_on", "a date"),
        ("Two.", "Two { brace.", 7, "reflect[2]", "brace"),
        ("id: isolating", "id: isolation", 1, "id", "as the file is called"),
        ("topic: warning_signs", "topic: states", 2, "topic", "as the folder is called"),
        ("tag: article", "tag: article\ntag: clinical", 25, "tag", "second time"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(
    folder: Path, spoil: Spoil, old: str, new: str, line: int, key: str, says: str
) -> None:
    path = spoil(old, new)
    _, problems = read_library(folder, TODAY)
    assert (problems[0].path, problems[0].line, problems[0].key) == (str(path), line, key)
    assert says in problems[0].why


def test_a_missing_key_is_one_mistake(folder: Path, spoil: Spoil) -> None:
    spoil("reach: peer\n", "")
    assert "'reach' is missing" in only_problem(folder).why


def test_an_unknown_source_is_refused(folder: Path, spoil: Spoil) -> None:
    spoil("[helplines]", "[hearsay]")
    assert "'hearsay' is not in sources.yml" in only_problem(folder).why


def test_too_few_texts_that_need_nothing_are_refused(folder: Path, spoil: Spoil) -> None:
    spoil('"Ask one?", "Ask two?"', '"Ask {name}?", "Ask {person}?"')
    assert "at least 2 texts with neither" in only_problem(folder).why


def test_a_text_message_may_not_be_too_long(folder: Path, spoil: Spoil) -> None:
    spoil("Short two.", "Short two. " + "word " * 70)
    assert "300 at most" in only_problem(folder).why


def test_broken_yaml_is_named_with_its_line(folder: Path, spoil: Spoil) -> None:
    spoil('  - "Two."', '  - "Two.')
    with pytest.raises(BadContent) as caught:
        load_library(folder, TODAY)
    assert caught.value.line > 6
    assert "cannot be read" in caught.value.why


def test_all_mistakes_of_a_run_are_collected(folder: Path, spoil: Spoil) -> None:
    spoil("reach: peer", "reach: pear")
    spoil("audience: self", "audience: me")
    (folder / "messages" / "greet.yml").write_text("id: greet\nsay: []\nshort: ['Hi.']\n", encoding="utf-8")
    _, problems = read_library(folder, TODAY)
    assert {p.key for p in problems} == {"reach", "audience", "say"}


def test_an_empty_file_is_refused(folder: Path) -> None:
    (folder / "messages" / "greet.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert "is empty" in only_problem(folder).why


def test_words_of_a_page_are_accepted(folder: Path) -> None:
    page = "id: website\nwords:\n  title: You are not alone\n  days: Kept for {days} days.\n"
    (folder / "messages" / "website.yml").write_text(page, encoding="utf-8")
    library = load_library(folder, TODAY)
    assert library.messages["website"].words["title"] == "You are not alone"


def test_a_part_that_is_too_long_needs_a_short_wording(folder: Path) -> None:
    long = "word " * 70
    words = f"id: lapse\nparts:\n  tomorrow:\n    - 'Rest.'\n    - '{long}'\n"
    (folder / "messages" / "lapse.yml").write_text(words, encoding="utf-8")
    problem = only_problem(folder)
    assert (problem.line, problem.key) == (5, "parts.tomorrow[2]")
    assert "give it a 'short'" in problem.why


def test_expired_guidance_is_kept_but_not_given(folder: Path) -> None:
    library = load_library(folder, TODAY)
    last_day, next_day = date(2027, 11, 24), date(2027, 11, 25)
    assert library.guidance_for("isolating", last_day) is not None
    assert library.guidance_for("isolating", next_day) is None
    assert library.is_stale("isolating", next_day)
    assert not library.is_stale("pain", next_day)
    assert "isolating" in library.guidance


def test_no_helplines_is_a_mistake(folder: Path) -> None:
    (folder / "helplines" / "INT.yml").unlink()
    assert "INT.yml is missing" in only_problem(folder).why


def test_a_line_must_expire_and_an_emergency_number_need_not(folder: Path) -> None:
    path = folder / "helplines" / "CA.yml"
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace("expires_on: 2027-02-23", "expires_on: null", 1), encoding="utf-8")
    assert "a line must expire" in only_problem(folder).why


def test_an_unknown_time_zone_is_refused(folder: Path) -> None:
    path = folder / "helplines" / "IE.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Europe/Dublin", "Europe/Dubln"), encoding="utf-8")
    assert "not a time zone" in only_problem(folder).why
