"""The check finds what may not be said, names the line, and is kind to what may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.library.__main__ import main
from bot.library.article import runs
from bot.library.check import check
from bot.library.voice import Voice, not_gsm, phone_like, read_voice

from .conftest import CONTENT, TODAY

Spoil = Callable[[str, str], Path]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=timezone.utc)
VOICE = read_voice(CONTENT, [])


def faults_at(folder: Path, line: int) -> list[str]:
    return [p.why for p in check(folder, TODAY).problems if p.line == line and p.path.endswith("isolating.yml")]


@pytest.mark.parametrize(
    "text",
    [
        "You are an addict.",
        "Stay clean tonight.",
        "Don't worry about it.",
        "Don\u2019t worry about it.",
        "You should rest.",
        "Just breathe.",
        "It's late. Just breathe.",
        "As an AI, I can't.",
        "I understand how you feel.",
        "You failed.",
        "Well done!",
        "Reply 'yes' to go on.",
        "Text STOP to end this.",
        "Call 988 now.",
        "Ring 1-800-662-4357.",
        "Ring 116 123.",
        "Help is on the way.",
        "It's confidential.",
        "Take 20 mg.",
        "It is substance abuse.",
    ],
)
def test_what_may_not_be_said_is_found(text: str) -> None:
    assert list(VOICE.faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "It's a signal, not a failure.",
        "You used again, and you told me.",
        "Name 5 things you can see. Try 5-4-3-2-1.",
        "About 3 in 4 people get there. In 15 minutes I'll ask again, from 0 to 10.",
        "Call {emergency} now. You can reach {helpline}.",
        "It's just past midnight, and the clinic is open.",
        "Help is near. You can stop for a breath, and start again.",
        "Addiction is an illness.",
        "64% of adults with it have both, and 90 days is a long time.",
    ],
)
def test_what_may_be_said_is_left_alone(text: str) -> None:
    assert list(VOICE.faults(text)) == []


def test_a_ban_says_why_and_what_instead() -> None:
    assert list(VOICE.faults("For every addict.")) == [
        "says 'addict' (names a person by an illness); write: a person in recovery, a person with opioid use disorder"
    ]


def test_a_choice_may_not_be_called_like_a_command() -> None:
    assert not VOICE.may_be_a_title("Stop")
    assert not VOICE.may_be_a_title("Yes.")
    assert VOICE.may_be_a_title("Stop the timer")


def test_numbers_that_look_like_a_phone() -> None:
    assert phone_like("on 13 11 14 now") == "13 11 14"
    assert phone_like("13, 11 and 14") is None


def test_characters_of_a_text_message() -> None:
    assert not_gsm("It's fine - really?") == ""
    assert not_gsm("It\u2019s \u2026") == "\u2019\u2026"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("One.", "You relapser.", 6, "names a person by a setback"),
        ("One.", "{helpline} or 988.", 6, "has the number '988'"),
        ("One.", "Two.", 7, "says the same as isolating.reflect"),
        ("Short one.", "It\u2019s short.", 18, "can't carry"),
        ("Short one.", "It's **short**.", 18, "has bold"),
        ("title: Talk to a person", "title: Help", 17, "reserved word"),
        ("to: talk_to_human", "to: isolating", 17, "leads back"),
        ("correction: null", "correction: The article says less.", 1, "goes with the tag"),
    ],
)
def test_a_fault_is_named_with_its_line(folder: Path, spoil: Spoil, old: str, new: str, line: int, says: str) -> None:
    spoil(old, new)
    assert any(says in fault for fault in faults_at(folder, line))


def test_a_list_that_is_hard_to_read_names_its_hardest_text(folder: Path, spoil: Spoil) -> None:
    spoil('"Why one."', '"Pharmacological intervention demonstrates considerable effectiveness in this population."')
    (fault,) = faults_at(folder, 19)
    assert "reads at grade" in fault
    assert "Pharmacological" in fault


def test_a_copied_run_of_words_is_found(folder: Path, spoil: Spoil) -> None:
    copied = "this could be seven words from elsewhere now"
    keys = "\n".join(key for key, _ in runs(copied))
    (folder / "article_runs.txt").write_text(keys + "\n", encoding="ascii")
    spoil("Why one.", f"Well, {copied.upper()}, yes.")
    assert any("copies the article" in fault for fault in faults_at(folder, 19))


def test_naloxone_may_not_be_switched_off_where_it_saves_lives(folder: Path, spoil: Spoil) -> None:
    path = spoil("id: isolating", "id: ask_tolerance")
    path.write_text(path.read_text(encoding="utf-8").replace("warning_signs", "questions"), encoding="utf-8")
    (folder / "guidance" / "questions").mkdir()
    path.rename(folder / "guidance" / "questions" / "ask_tolerance.yml")
    assert any(p.key == "naloxone" for p in check(folder, TODAY).problems)


def test_every_intent_needs_an_answer(folder: Path) -> None:
    missing = [Path(p.path).stem for p in check(folder, TODAY).problems if "is missing" in p.why]
    assert {"craving_now", "greet", "ask_naloxone", "craving", "crisis_fallback", "suicide"} <= set(missing)
    assert "isolating" not in missing


def test_a_message_must_be_sayable_without_a_helpline(folder: Path) -> None:
    words = "id: thanks\nsay: ['Try {helpline}.']\nshort: ['You did it.']\n"
    (folder / "messages" / "thanks.yml").write_text(words, encoding="utf-8")
    found = [p for p in check(folder, TODAY).problems if p.path.endswith("thanks.yml")]
    assert any(p.key == "say" and "neither 'when'" in p.why for p in found)


def test_the_voice_file_must_be_there(folder: Path) -> None:
    (folder / "voice.yml").unlink()
    assert any(p.path.endswith("voice.yml") for p in check(folder, TODAY).problems)


def test_no_rules_means_no_bans() -> None:
    assert list(Voice((), ()).faults("addict")) == []


def test_the_tool_names_mistakes_and_ends_with_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--content", str(folder), "check"], NOW) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert "to mend. 1 guidance entries" in last


def test_the_tool_shows_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    content = ["--content", str(CONTENT)]
    assert main([*content, "show", "bot_challenge"], NOW) == 0
    assert "program" in capsys.readouterr().out
    assert main([*content, "show", "lapse"], NOW) == 0
    assert "[tolerance]" in capsys.readouterr().out
    assert main([*content, "show", "nothing_like_it"], NOW) == 1


def test_the_tool_lists_what_goes_stale_and_what_nobody_rang(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--content", str(CONTENT), "stale", "--days", "5"], NOW) == 0
    soon = capsys.readouterr().out
    assert "expires on" not in soon
    assert "us-never-use-alone: [S] nobody has rung it yet" in soon
    assert "us-988" not in soon
    assert main(["--content", str(CONTENT), "stale", "--days", "90"], NOW) == 0
    assert "us-988: expires on 2027-02-23" in capsys.readouterr().out


def test_the_tool_hashes_an_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("one two three four five six seven eight", encoding="utf-8")
    assert main(["runs", str(tmp_path / "a.txt")], NOW) == 0
    assert len(capsys.readouterr().out.split()) == 2
