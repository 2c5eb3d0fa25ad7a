"""Shorthand and slang become plain words; words that only look like shorthand stay."""

import pytest

pytest.importorskip("yaml")
from bot.errors import BadContent
from bot.nlu.normalise import Normaliser
from bot.nlu.words import FOLDER, load


@pytest.fixture(scope="module")
def plain() -> Normaliser:
    return Normaliser.from_file(FOLDER / "shorthand.yml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("I'm dope sick rn", "i'm sick from opioid withdrawal right now"),
        ("my PO is makin me pee 2moro", "my probation officer is making me pee tomorrow"),
        ("the clinic cut my dose", "the methadone clinic cut my dose"),
        ("been on subs 3 mos", "been on suboxone 3 months"),
        ("i relly cant dont wanna", "i relly can't don't want to"),
        ("sooooo tired", "so tired"),
        ("heyyyy", "hey"),
        ("feeeling it", "feeling it"),
        ("😭", "crying"),
        ("i can’t", "i can't"),
        ("idk  what\nto do", "i don't know what to do"),
    ],
)
def test_reads_what_was_meant(plain: Normaliser, written: str, meant: str) -> None:
    assert plain(written) == meant


@pytest.mark.parametrize(
    "words",
    ["subtle pain", "the podium", "my boy is home", "i feel good", "7", "2", "about an 8", "boss called"],
)
def test_leaves_plain_words_alone(plain: Normaliser, words: str) -> None:
    assert plain(words) == words


@pytest.mark.parametrize("odd", ["", "   ", "lol", "\u200b", "💀", "a" * 20_000, "na " * 5_000])
def test_takes_anything(plain: Normaliser, odd: str) -> None:
    assert isinstance(plain(odd), str)
    assert bool(plain(odd)) == bool(odd)


def test_a_meaning_is_not_rewritten_for_ever(plain: Normaliser) -> None:
    assert plain(plain("dope sick")) == plain("dope sick")


def test_table_that_is_no_table_is_refused(tmp_path) -> None:
    table = tmp_path / "words.yml"
    table.write_text("phrases: {no: 'yes'}\n", encoding="utf-8")
    with pytest.raises(BadContent, match="phrases"):
        load(table, ("phrases",))
