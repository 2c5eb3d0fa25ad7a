"""Reads bot/content/safety/*.yml into checked values; refuses loudly, with file, line and key.

Called once at start by the library or by `load_screen`. Not here: judging (`screen`), how
phrases are written (`pattern`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadContent
from bot.safety.model import KINDS, KindContent, Level, Rule, holes
from bot.safety.pattern import Parser, PhraseError
from bot.safety.screen import Screen
from bot.safety.steps import read_flow
from bot.safety.words import Words

LINES = ("emergency", "suicide_line", "overdose_line", "domestic_violence_line", "child_line")
"""The placeholders that first words and steps may hold."""

FIRST_MOST = 320
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RULE_KEYS = {"id", "level", "who", "any_of", "all_of", "none_of", "unless", "because", "source"}
_PROOFS = {"must_match": 4, "must_not_match": 3}


class _Map(dict[str, Any]):
    """A YAML mapping that remembers the line of each key."""

    lines: dict[str, int]
    line: int


_Base: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Every value is text ("no" and "off" are words here); keeps lines, refuses a key that stands twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Map:
    made = _Map()
    made.line, made.lines = node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
        made[key] = loader.construct_object(value_node, deep=True)
        made.lines[key] = key_node.start_mark.line + 1
    return made


def load_content(folder: Path, words: Words | None = None) -> dict[str, KindContent]:
    """All kinds, gravest first, with their words, steps and rules; `words` when words.yml was read already.

    Raises:
        BadContent: A file is missing, or says something it may not.
    """
    parser = (words or load_words(folder)).parser
    flows = _load(folder / "steps.yml")
    content = {kind: _Reader(folder / f"{kind}.yml", kind, parser, flows).read() for kind in (*KINDS, "unreadable")}
    _check_unique(folder, content)
    return content


def load_words(folder: Path) -> Words:
    """How people write: words.yml.

    Raises:
        BadContent: The file is missing, or says something it may not.
    """
    path = folder / "words.yml"
    data = _load(path)
    lists = {name: tuple(str(item) for item in items) for name, items in data.get("lists", {}).items()}
    maps = {key: {str(k): str(v) for k, v in data.get(key, {}).items()} for key in ("spellings", "joins", "pictures")}
    words = Words(
        lists,
        maps["spellings"],
        maps["joins"],
        maps["pictures"],
        *(tuple(map(str, data.get(k, ()))) for k in ("critical", "not_typos")),
    )
    for name, items in lists.items():
        for item in items:
            try:
                words.parser.parse(item)
            except (PhraseError, RecursionError) as problem:
                raise BadContent(str(path), data["lists"].lines[name], name, str(problem)) from problem
    return words


def load_screen(folder: Path | str) -> Screen:
    """The safety screen of these files, ready to judge.

    Raises:
        BadContent: A file is missing, or says something it may not.
    """
    words = load_words(Path(folder))
    content = load_content(Path(folder), words)
    return Screen([rule for kind in content.values() for rule in kind.rules], words)


def screen_of(content: Mapping[str, KindContent], folder: Path) -> Screen:
    """The screen of content that was read already. Raises BadContent for the words file."""
    return Screen([rule for kind in content.values() for rule in kind.rules], load_words(folder))


def _load(path: Path) -> _Map:
    try:
        data = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a BaseLoader makes nothing but text
    except OSError as problem:
        raise BadContent(str(path), 1, "file", "cannot be read") from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadContent(str(path), mark.line + 1 if mark else 1, "file", f"is not YAML: {problem}") from problem
    if not isinstance(data, _Map):
        raise BadContent(str(path), 1, "file", "must be a mapping")
    return data


class _Reader:
    """Reads one kind's file."""

    def __init__(self, path: Path, kind: str, parser: Parser, flows: _Map) -> None:
        self._path, self._kind, self._parser, self._flows = path, kind, parser, flows

    def read(self) -> KindContent:
        data = _load(self._path)
        self._check(data.get("kind") == self._kind, data, "kind", f"must be {self._kind}")
        first = self._spoken(data, "first")
        without = self._spoken(data, "first_without_line")
        for who, texts in first.items():
            self._check(
                len(without.get(who, ())) == len(texts),
                data,
                "first_without_line",
                f"must answer first.{who} one by one",
            )
        hedges = self._flows.get("hedges", ())
        flows = self._flows["kinds"].get(self._kind) or {}
        steps = {who: read_flow(flow, hedges, self._check, self._check_text) for who, flow in flows.items()}
        rules = tuple(self._rule(item) for item in data.get("rules", ()))
        return KindContent(self._kind, first, without, steps, rules)

    def _spoken(self, data: _Map, key: str) -> dict[str, tuple[str, ...]]:
        said = data.get(key) or {}
        for who, texts in said.items():
            self._check(who in ("self", "other"), data, key, "speaks to self or other")
            for text in texts:
                self._check_text(data, key, text, needs_none=key != "first")
        return {who: tuple(texts) for who, texts in said.items()}

    def _check_text(self, data: _Map, key: str, text: str, needs_none: bool = False) -> None:
        self._check(isinstance(text, str) and 0 < len(text) <= FIRST_MOST, data, key, f"1 to {FIRST_MOST} characters")
        for name, spare in holes(text):
            self._check(name in LINES, data, key, f"{{{name}}} is not one of {', '.join(LINES)}")
            self._check(bool(spare) or not needs_none, data, key, f"{{{name}}} needs words for when it is not known")

    def _rule(self, item: _Map) -> Rule:
        unknown = set(item) - _RULE_KEYS - set(_PROOFS)
        self._check(not unknown, item, min(unknown, default=""), "is not a key of a rule")
        self._check(bool(_ID.fullmatch(str(item.get("id", "")))), item, "id", "must be kebab-case")
        level = str(item.get("level", "")).upper()
        self._check(level in ("CONCERN", "URGENT", "DANGER"), item, "level", "must be danger, urgent or concern")
        self._check(item.get("who") in ("self", "other", "any"), item, "who", "must be self, other or any")
        for key in ("any_of", "because", "source"):
            self._check(bool(item.get(key)), item, key, "is missing")
        for key, least in _PROOFS.items():
            self._check(len(item.get(key) or ()) >= least, item, key, f"needs at least {least}")
        groups = {key: self._phrases(item, key) for key in ("any_of", "all_of", "none_of", "unless")}
        proofs = {key: tuple(map(str, item[key])) for key in _PROOFS}
        return Rule(
            id=item["id"], kind=self._kind, level=Level[level], who=item["who"], because=item["because"],
            source=item["source"], **groups, **proofs,
        )  # fmt: skip

    def _phrases(self, item: _Map, key: str) -> tuple[str, ...]:
        phrases = tuple(map(str, item.get(key) or ()))
        for phrase in phrases:
            try:
                self._parser.parse(phrase)
            except PhraseError as problem:
                raise BadContent(str(self._path), item.lines[key], key, str(problem)) from problem
        return phrases

    def _check(self, fine: bool, where: _Map, key: str, why: str) -> None:
        if not fine:
            raise BadContent(str(self._path), where.lines.get(key, where.line), key, why)


def _check_unique(folder: Path, content: Mapping[str, KindContent]) -> None:
    seen: dict[str, str] = {}
    for kind, held in content.items():
        for rule in held.rules:
            if rule.id in seen:
                raise BadContent(str(folder / f"{kind}.yml"), 1, rule.id, f"is also a rule of {seen[rule.id]}")
            seen[rule.id] = kind


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
