"""Lines of JSON in and out, with errors that name the line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadRequest


def read_lines(source: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every line as an object that has the needed keys.

    Raises:
        BadRequest: A line is not such an object; says which.
    """
    with source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _object(source, number, line, needed)


def _object(source: Path, number: int, line: str, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadRequest(f"{source}:{number}: this line is not JSON ({error.msg}).") from error
    missing = [key for key in needed if not isinstance(item, dict) or key not in item]
    if missing:
        raise BadRequest(f"{source}:{number}: this line has no {' and no '.join(missing)}.")
    found: dict[str, Any] = item
    return found


def write_line(target: Any, item: dict[str, Any]) -> None:
    """One object as one line."""
    target.write(json.dumps(item, ensure_ascii=False) + "\n")
