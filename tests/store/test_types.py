"""Words come back as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.store.types import decode_words, encode_words

ANY = st.text(st.characters(exclude_categories=()), max_size=50)


@given(ANY)
def test_nothing_is_lost(text: str) -> None:
    kept = encode_words(text)
    assert decode_words(kept) == text
    assert "\x00" not in kept
    kept.encode("utf-8")


@given(ANY, ANY)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert (one == other) == (encode_words(one) == encode_words(other))
