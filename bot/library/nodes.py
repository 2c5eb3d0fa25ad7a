"""YAML with its line numbers: the one reader of content files, and the only place that touches PyYAML.

Responsible for: turning a file into `Place`s that hand out plain values and write down every mistake with file,
line and key. Not here: what an entry must hold (`entries`, `helplines`). A mistake never stops the reading; it is
kept in `problems`, so that a check can show all of them at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.errors import BadContent

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT, _NULL, _FLAG, _DATE = (f"tag:yaml.org,2002:{name}" for name in ("str", "null", "bool", "timestamp"))


@dataclass(frozen=True)
class Place:
    """One value in a content file: where it stands, and what it holds."""

    node: yaml.Node
    path: str
    key: str
    problems: list[BadContent]

    @property
    def line(self) -> int:
        """The line in the file, counted from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_nothing(self) -> bool:
        return self.node.tag == _NULL

    @property
    def is_text(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    def complain(self, why: str) -> None:
        """Write down what is wrong here and what to do about it."""
        self.problems.append(BadContent(self.path, self.line, self.key, why))

    def text(self) -> str:
        """Words, without spaces at either end; never empty in a good file."""
        node = self.node
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT:
            self.complain("must be words; put them in quotes")
            return ""
        words = str(node.value).strip()
        if not words:
            self.complain("is empty; write it or take the line out")
        return words

    def text_or_nothing(self) -> str | None:
        return None if self.is_nothing else self.text()

    def one_of(self, allowed: Collection[str]) -> str:
        """A word from a fixed list."""
        word = self.text()
        if word and word not in allowed:
            self.complain(f"'{word}' is not one of: {', '.join(sorted(allowed))}")
        return word

    def flag(self) -> bool:
        value = str(getattr(self.node, "value", "")).lower()
        if self.node.tag != _FLAG or value not in {"true", "false"}:
            self.complain("must be true or false")
        return value == "true"

    def day(self) -> date:
        """A date as 2026-11-25."""
        try:
            return date.fromisoformat(str(self.node.value) if self.is_text else "")
        except ValueError:
            self.complain("must be a date such as 2026-11-25")
            return date.min

    def day_or_nothing(self) -> date | None:
        return None if self.is_nothing else self.day()

    def items(self, least: int = 0, most: int | None = None) -> list[Place]:
        """The members of a list; complains when there are too few or too many."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.complain("must be a list")
            return []
        found = [Place(n, self.path, f"{self.key}[{i}]", self.problems) for i, n in enumerate(self.node.value, 1)]
        if len(found) < least:
            self.complain(f"needs at least {least}, has {len(found)}")
        if most is not None and len(found) > most:
            self.complain(f"may have {most} at most, has {len(found)}")
        return found

    def entries(self) -> dict[str, Place]:
        """The keys and values of a mapping; a key that comes twice is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            self.complain("must be a set of keys with values")
            return {}
        found: dict[str, Place] = {}
        for key, place in self._pairs():
            if key in found:
                place.complain("stands here a second time; keep one of them")
            found[key] = place
        return found

    def _pairs(self) -> Iterator[tuple[str, Place]]:
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            full = key if self.key == "(file)" else f"{self.key}.{key}"
            if key_node.tag != _TEXT:
                Place(key_node, self.path, full, self.problems).complain("the key must be a word; put it in quotes")
            yield key, Place(value_node, self.path, full, self.problems)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Place]:
        """The keys that an entry must and may have; any other key, and any missing one, is refused."""
        found = self.entries()
        for key in [key for key in found if key not in required and key not in optional]:
            found.pop(key).complain("is not a key of this file; check the spelling")
        for key in required:
            if key not in found:
                self.complain(f"the key '{key}' is missing")
                found[key] = self._silent(key)
        return found

    def _silent(self, key: str) -> Place:
        """A stand-in for a missing key; the one complaint about it is enough."""
        return Place(yaml.ScalarNode(_NULL, "", self.node.start_mark), self.path, key, [])


def read_file(path: Path, shown_as: str, problems: list[BadContent]) -> Place | None:
    """The content of one file, or None (with the reason in `problems`) when it is not YAML or empty."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(
            BadContent(shown_as, mark.line + 1 if mark else 1, "(file)", f"cannot be read: {error.problem}")
        )
        return None
    except (UnicodeDecodeError, yaml.YAMLError):
        problems.append(BadContent(shown_as, 1, "(file)", "cannot be read; save it as plain UTF-8 text"))
        return None
    if node is None:
        problems.append(BadContent(shown_as, 1, "(file)", "is empty; write the entry or remove the file"))
        return None
    return Place(node, shown_as, "(file)", problems)
