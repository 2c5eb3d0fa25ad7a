"""The content as it is: everything that is said passes every check."""

from __future__ import annotations

from bot.library.check import check

from .conftest import CONTENT, TODAY


def test_all_content_is_good() -> None:
    report = check(CONTENT, TODAY)
    assert [str(problem) for problem in report.problems] == []


def test_every_sign_of_the_article_has_guidance_of_its_own() -> None:
    library = check(CONTENT, TODAY).library
    signs = [entry for entry in library.guidance.values() if entry.topic == "warning_signs"]
    assert len(signs) == 8
    assert all(entry.sources[0].startswith("article-") or entry.tag == "clinical" for entry in signs)
