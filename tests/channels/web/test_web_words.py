"""Text on the page: split safely, all words there, all of them used, dark and light readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.channels.web
from bot.channels.web.markup import pieces
from bot.channels.web.words import FOR_ERRORS, FOR_SCRIPT, FOR_WIDGET
from tests.channels.web.fakes import words

WEB = Path(bot.channels.web.__path__[0])
FILLS = {"emergency", "dial", "programme", "days", "session_days"}
SAID = re.compile(r"say\('(\w+)'\)|say\(\"(\w+)\"|'(starter_\d)'|note[= ]+\"(\w+)\"|None if is_whole else \"(\w+)\"")
RGB = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")
PAIRS = [
    *(("ink", ground) for ground in ("ground", "pool", "glow", "bar", "paper")),
    *(("dim", ground) for ground in ("ground", "pool", "glow", "bar", "paper")),
    *(("alarm", ground) for ground in ("ground", "pool", "glow", "bar", "paper")),
    *(("link", ground) for ground in ("ground", "pool", "bar", "paper")),
    *(
        ("mine-ink", "mine"),
        ("lamp-ink", "lamp"),
        ("lamp-ink", "lamp-lit"),
        ("alarm-ink", "alarm-ground"),
        ("bar", "ink"),
    ),
]


@given(st.text(), st.sampled_from(["", "911", "112", "999"]))
def test_no_letter_is_lost_or_added(text: str, emergency: str) -> None:
    shown = "".join(piece["text"] for piece in pieces(text, emergency))
    assert shown.replace("**", "") == text.replace("**", "")


@given(st.text(alphabet='*a 91-+().https:/"<>javascript', max_size=60))
def test_a_link_dials_or_opens_https_and_nothing_else(text: str) -> None:
    for piece in pieces(text, "911"):
        href = piece.get("href", "tel:")
        assert re.fullmatch(r"tel:[+*#0-9]*|https://[^\s\"'<>]+", href)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Call 911 now", ["tel:911"]),
        ("Call **988** any time", ["tel:988"]),
        ("From 0 to 10, about 60 days, 1911 and 9110", []),
        ("1-800-662-4357 is free", ["tel:18006624357"]),
        ("+44 20 7946 0958", ["tel:+442079460958"]),
        ("See https://example.org/a_(b).", ["https://example.org/a_(b"]),
        ("http://example.org javascript:alert(1)", []),
        ("(800) 662-4357", ["tel:8006624357"]),
        ("Call **13 11 14** now", ["tel:131114"]),
        ("2026-03-01", []),
    ],
)
def test_what_can_be_pressed(text: str, links: list[str]) -> None:
    assert [piece["href"] for piece in pieces(text, "911") if "href" in piece] == links


def test_every_emergency_number_can_be_pressed() -> None:
    found = pieces("Call 112 or 999 now, not 911.", "112 or 999")
    assert [piece["href"] for piece in found if "href" in piece] == ["tel:112", "tel:999"]


def test_the_files_say_only_words_that_exist_and_all_of_them() -> None:
    used = {*FOR_ERRORS, *FOR_SCRIPT, *FOR_WIDGET, "erased", "region_set"}
    for file in (*WEB.glob("templates/*.html"), *WEB.glob("*.py")):
        for match in SAID.finditer(file.read_text(encoding="utf-8")):
            used |= {name for name in match.groups() if name}
    assert used == set(words())


def test_the_script_shows_only_the_words_it_is_given() -> None:
    script = (WEB / "static" / "chat.js").read_text(encoding="utf-8")
    assert set(re.findall(r"words\.(\w+)", script)) == set(FOR_SCRIPT)


def test_placeholders_are_ones_we_fill() -> None:
    for key, text in words().items():
        assert set(re.findall(r"{(\w+)}", text)) <= FILLS, key
        assert "!" not in text, key
        assert not re.search(r"\d{3}", text), key


def colours() -> Iterator[tuple[str, dict[str, str]]]:
    css = (WEB / "static" / "chat.css").read_text(encoding="utf-8")
    light, dark = (dict(RGB.findall(block)) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2])
    yield "light", light
    yield "dark", {**light, **dark}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("scheme", "palette"), list(colours()))
def test_contrast(scheme: str, palette: dict[str, str]) -> None:
    text = {pair: ratio(palette[pair[0]], palette[pair[1]]) for pair in PAIRS}
    assert {pair: found for pair, found in text.items() if found < 4.5} == {}
    edges = {ground: ratio(palette["edge"], palette[ground]) for ground in ("ground", "pool", "glow", "bar", "paper")}
    assert {ground: found for ground, found in edges.items() if found < 3} == {}
