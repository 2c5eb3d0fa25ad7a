"""The content as it is: everything that is said passes every check."""

from __future__ import annotations

from bot.library import Library
from bot.library.check import check

from .conftest import CONTENT, TODAY


def test_all_content_is_good() -> None:
    report = check(CONTENT, TODAY)
    assert [str(problem) for problem in report.problems] == []


def test_every_sign_of_the_article_has_guidance_of_its_own(library: Library) -> None:
    signs = [entry for entry in library.guidance.values() if entry.topic == "warning_signs"]
    assert len(signs) == 8
    assert all(entry.sources[0].startswith("article-") or entry.tag == "clinical" for entry in signs)


def test_a_craving_and_a_lapse_have_every_step(library: Library) -> None:
    """The steps that the actions walk through, in the order of care after a lapse."""
    lapse = [
        *("glad_you_told", "safe_now_ask", "not_safe", "tolerance", "if_again_tonight"),
        *("naloxone_ask", "naloxone_yes", "naloxone_no", "moud_keep_taking", "tell_someone", "tomorrow"),
        *("ask_next", "someone_else"),
    ]
    assert [part for part in library.messages["lapse"].parts if part in lapse] == lapse
    craving = {"ask_rating", "not_a_number", "low", "medium", "high", "ride", "come_back", "better", "same", "worse",
               "cancelled", "last_time"}  # fmt: skip
    assert craving <= library.messages["craving"].parts.keys()
    assert all("{emergency}" in text.text for text in library.messages["lapse"].parts["not_safe"].say)


def test_words_for_a_breakdown_always_name_the_emergency_number(library: Library) -> None:
    for name in ("brain_down", "crisis_fallback", "brain_gave_up", "unreadable", "non_text", "support_pending"):
        message = library.messages[name]
        assert all("{emergency}" in text.text for text in (*message.say, *message.short)), name
