"""The word lists that understanding is built from, and the one reader for them.

YAML only, edited by people who know how our people talk. Words that mean two things are left out, not guessed at.
Who reads them: tools/build_spacy.py, normalise, entities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadContent

FOLDER = Path(__file__).parent


def load(path: Path, sections: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """A file of sections, each of which maps words to text. Raises BadContent naming the line that is wrong."""
    data = read(path)
    return {section: _texts(path, section, data.get(section)) for section in sections}


def terms(path: Path) -> Mapping[str, Sequence[str]]:
    """A file that maps a canonical name to the ways it is written. Raises BadContent for anything else."""
    data = read(path)
    for name, forms in data.items():
        if not isinstance(name, str) or not isinstance(forms, list) or not all(isinstance(f, str) for f in forms):
            raise BadContent(str(path), 1, str(name), "must be a list of words; quote numbers and yes, no, on, off")
    return data


def read(path: Path) -> Mapping[str, Any]:
    """The whole file. Raises BadContent when it is no YAML mapping."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadContent(str(path), line, "file", str(error.problem)) from error
    if not isinstance(data, dict):
        raise BadContent(str(path), 1, "file", "must hold sections")
    return data


def _texts(path: Path, section: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise BadContent(str(path), 1, section, "must map words to text")
    for key, text in value.items():
        # YAML 1.1 reads no, on and 12 as other things than text
        if not (isinstance(key, str) and isinstance(text, str)):
            raise BadContent(str(path), 1, f"{section}.{key}", 'put both sides in quotes: "no": "..."')
    return value
