"""The reading grade agrees with what a reader would say."""

from __future__ import annotations

import pytest

from bot.library.grade import grade, syllables


@pytest.mark.parametrize(
    ("word", "beats"),
    [("the", 1), ("used", 1), ("wanted", 2), ("before", 2), ("breathe", 1), ("naloxone", 4), ("recovery", 4),
     ("medication", 4), ("tolerance", 3), ("couldn't", 2), ("don't", 1), ("people", 2), ("situation", 4)],
)  # fmt: skip
def test_beats(word: str, beats: int) -> None:
    assert syllables(word) == beats


def test_plain_words_are_easy_and_long_ones_hard() -> None:
    assert grade(["I'm glad you told me. One night doesn't erase what you've built."]) < 5
    assert grade(["Pharmacological intervention demonstrates considerable effectiveness in reducing mortality."]) > 15


def test_a_placeholder_is_not_read_as_a_hard_word() -> None:
    assert grade(["Call {emergency} now."]) < 3


def test_beats_agree_with_hyphenation_within_one_for_nearly_all_words() -> None:
    pyphen = pytest.importorskip("pyphen")
    from bot.library import read_library

    from .conftest import CONTENT, TODAY

    hyphens = pyphen.Pyphen(lang="en_US")
    library, _ = read_library(CONTENT, TODAY)
    said = " ".join(t.text for m in library.messages.values() for texts in m.lists().values() for t in texts)
    words = {w.strip(".,:?*\"'").lower() for w in said.split()}
    words = {w for w in words if w.isalpha()}
    far = [w for w in words if syllables(w) < hyphens.inserted(w).count("-") + 1]
    assert len(far) < len(words) / 50, far
