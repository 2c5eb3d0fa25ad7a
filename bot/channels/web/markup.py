"""From a reply's text to the pieces a page shows: plain, bold, or something to press (a number, an address).

One place for server-made pages and for the script, which turns each piece into a text node; nothing is ever HTML.
"""

from __future__ import annotations

import re
from typing import TypedDict

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"https://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]|(?<![\w+(])\(?\+?\d(?:[ ()-]{0,2}\d){9,14}(?!\w)")
_SHORT_NUMBER = re.compile(r"\d(?: ?\d){2,7}")
_NUMBER = re.compile(r"\d{2,}")


class Piece(TypedDict, total=False):
    """One run of text; `bold` and `href` only where they hold."""

    text: str
    bold: bool
    href: str


def pieces(text: str, emergency: str = "") -> list[Piece]:
    """Split a reply at `**bold**`, https addresses, long phone numbers, emergency numbers and bold short numbers."""
    found: list[Piece] = []
    for index, run in enumerate(_BOLD.split(text)):
        found += _linked(run, bold=bool(index % 2), emergency=emergency)
    return found


def first_number(words: str) -> str:
    """The first number in words such as "112 or 999", "" when there is none."""
    found = _NUMBER.search(words)
    return found.group() if found else ""


def tel(number: str) -> str:
    """The address that makes a phone dial this number."""
    return "tel:" + re.sub(r"[^\d+*#]", "", number)


def _linked(run: str, *, bold: bool, emergency: str) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    for match in _pattern(emergency, bold).finditer(run):
        found += [*_plain(run[start : match.start()], bold), _link(match.group(), bold)]
        start = match.end()
    return found + _plain(run[start:], bold)


def _pattern(emergency: str, bold: bool) -> re.Pattern[str]:
    short = _SHORT_NUMBER.pattern if bold else "|".join(_NUMBER.findall(emergency))
    return re.compile(rf"{_LINK.pattern}|(?<![\w+])(?:{short})(?!\w)") if short else _LINK


def _plain(text: str, bold: bool) -> list[Piece]:
    if not text:
        return []
    return [{"text": text, "bold": True}] if bold else [{"text": text}]


def _link(text: str, bold: bool) -> Piece:
    piece: Piece = {"text": text, "href": text if text.startswith("https:") else tel(text)}
    if bold:
        piece["bold"] = True
    return piece
