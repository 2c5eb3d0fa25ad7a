"""The safety files: what they say, what they may not say, and that a mistake in them is named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.errors import BadContent
from bot.safety import KINDS, KindContent, load_content, load_screen
from bot.safety.content import FIRST_MOST
from bot.safety.pattern import Parser, PhraseError
from tests.safety.cases import CONTENT

EVERY = load_content(CONTENT)
LINES = {
    "emergency": "911",
    "suicide_line": "988",
    "overdose_line": "800-484-3731",
    "domestic_violence_line": "800-799-7233",
    "child_line": "800-422-4453",
}
NEVER = (
    "!",
    "clean",
    "dirty",
    "addict",
    "abuse",
    "failed",
    "committed",
    "you should",
    "don't worry",
    "as an ai",
    " mg",
)


def said(content: KindContent, lines: dict[str, str]) -> list[str]:
    first = [text for who in content.first for text in content.first_words(who, lines)]
    return first + [step.words(lines) for steps in content.steps.values() for step in steps]


@pytest.mark.parametrize("kind", [*KINDS, "unreadable"])
@pytest.mark.parametrize("lines", [LINES, {}, {"emergency": "911"}], ids=["known", "unknown", "emergency-only"])
def test_what_is_said_is_short_kind_and_whole(kind: str, lines: dict[str, str]) -> None:
    for text in said(EVERY[kind], lines):
        assert len(text) <= FIRST_MOST
        assert "{" not in text
        assert not [word for word in NEVER if word in text.lower()]


@pytest.mark.parametrize("kind", [k for k in (*KINDS, "unreadable") if k != "lapse"])
def test_the_number_stands_in_the_first_message(kind: str) -> None:
    for who in EVERY[kind].first:
        first = EVERY[kind].first_words(who, LINES)[0]
        assert any(number in first for number in LINES.values())
        assert "?" not in first


def test_the_emergency_number_is_said_also_where_no_line_is_known() -> None:
    for kind in ("overdose_now", "suicide", "medical_emergency", "harm_from_others", "minor"):
        assert "911" in " ".join(EVERY[kind].first_words("self", {"emergency": "911"}))


def test_every_source_is_listed() -> None:
    known = yaml.safe_load((CONTENT.parent / "sources.yml").read_text("utf-8"))["sources"]
    assert {rule.source for content in EVERY.values() for rule in content.rules} <= set(known)


def mistaken(tmp_path: Path, old: str, new: str) -> BadContent:
    folder = tmp_path / "safety"
    shutil.copytree(CONTENT, folder)
    file = folder / "lapse.yml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadContent) as refused:
        load_screen(folder)
    return refused.value


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("kind: lapse", "kind: slip", "kind"),
        ("level: concern", "level: mild", "level"),
        ("who: self", "who: me", "who"),
        ("id: used-again", "id: Used Again", "id"),
        ("id: used-again", "id: seizure", "seizure"),
        ("because:", "why:", "why"),
        ("none_of:", "none_off:", "none_off"),
        ('- "(slipped up', '- "(slipped up(', "any_of"),
        ('- "(slipped up', '- "<nobody> (slipped up', "any_of"),
        ("kind: lapse", "kind: lapse\nkind: lapse", "file"),
        ("first: {}", 'first: {self: ["Call {pizza}."]}', "first"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    problem = mistaken(tmp_path, old, new)
    assert (Path(problem.path).name, problem.key) == ("lapse.yml", key)
    assert problem.line >= 1


@pytest.mark.parametrize(
    "phrase", ["(a", "a)", "?", "..", "^", "<none>", "a || b", "", "A", "(a?)", "a{2}", "~ a", "a &", "a (b ~ c)"]
)
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Parser({}, list).parse(phrase)
