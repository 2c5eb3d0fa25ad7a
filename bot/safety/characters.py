"""One character at a time: every way to write a letter becomes the plain letter, a picture becomes its word.

Working per distinct character keeps the cost flat: normalising a whole text is quadratic on long runs of marks.
Not here: words (`normalise`, `vocabulary`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_LOOKALIKES = {
    "a": "аАαΑɑᴀ@ª", "b": "ВвβΒЬьʙɓ", "c": "сСϲⅽᴄçȼ", "d": "ԁⅾᴅđÐð", "e": "еЕёЁεΕᴇєЄℯ", "f": "ғƒϝ", "g": "ɡցɢԍ",
    "h": "һНнΗʜհħ", "i": "іІїЇιΙɩıɪⅰӏ", "j": "јЈᴊϳ", "k": "кКκΚᴋ", "l": "ӏⅼʟłⅬ", "m": "мМΜⅿᴍ", "n": "пΝηոɴ",
    "o": "оОοΟσօᴏøØө", "p": "рРρΡᴘ", "q": "ԛգ", "r": "гʀᴦ", "s": "ѕЅꜱʂς", "t": "тТτΤᴛŧ", "u": "υսᴜμ", "v": "νѵᴠⅴ",
    "w": "ԝωѡᴡшШ", "x": "хХχΧⅹ", "y": "уУΥγүʏ", "z": "ζΖᴢʐ", "'": "’‘ʼ`´′＇", '"': "“”«»", "-": "–—−‐‑", ".": "。．",
    "?": "¿？", "!": "¡！",
}  # fmt: skip
_PLAIN = {look: plain for plain, looks in _LOOKALIKES.items() for look in looks if look != "@"}
_PARTS_MOST = 4  # whole phrases in one character: nobody writes so, and they would swell the text
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cs", "Cn"})


class Characters:
    """Turns each character into plain lower-case text; `pictures` says in words what an emoji shows."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._pictures = dict(pictures)

    def plain(self, text: str) -> str:
        """The text in plain lower-case letters; what has no plain form stays as it is."""
        if text.isascii():
            return text.lower()
        table = {ord(char): self._one(char) for char in set(text) if not "\x20" <= char <= "\x7e"}
        return text.translate(table).lower()

    def _one(self, char: str) -> str:
        if char in self._pictures:
            return f" {self._pictures[char]} "
        if char in _PLAIN:
            return _PLAIN[char]
        kind = unicodedata.category(char)
        if kind in _INVISIBLE:
            return ""
        if kind[0] in "CZ":
            return "\n" if char in "\n\r\u2028\u2029" else " "
        parts = unicodedata.normalize("NFKD", char)
        if len(parts) > _PARTS_MOST:
            return " "
        folded = "".join(_PLAIN.get(c, c) for c in parts)
        return "".join(c for c in folded if unicodedata.category(c) not in _INVISIBLE)
