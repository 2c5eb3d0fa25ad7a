"""A file for messages that come while the database is down; a line is there only when the disk has it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.conversation.model import Inbound
from bot.conversation.records import Place


class Spool:
    """One directory per process; each line a message, files in the order they were begun.

    Args:
        directory: Made if missing. Nobody else may write there.
    """

    def __init__(self, directory: Path, clock: Clock, rng: random.Random) -> None:
        self._directory, self._clock, self._rng = directory, clock, rng
        self._current: Path | None = None
        self._began = 0
        self._places: dict[Path, set[Place]] = {}

    def open(self) -> None:
        """Make the directory and see what an earlier life left behind. Raises OSError."""
        self._directory.mkdir(parents=True, exist_ok=True)
        for path in self.files():
            self._places[path] = {Place(said.channel, said.address) for said in read(path)}
            # New files come after old ones even when the clock has been set back.
            self._began = max(self._began, int(path.name.split("-")[1]))

    def holds(self, place: Place) -> bool:
        """True while a message of this person waits here; their next ones must queue behind it."""
        return any(place in places for places in self._places.values())

    @property
    def is_empty(self) -> bool:
        return not self._places

    @property
    def waiting_files(self) -> int:
        return len(self._places)

    @property
    def set_aside_count(self) -> int:
        """Messages that a human must look at."""
        return sum(1 for path in self._directory.glob("aside-*.jsonl") for _ in _lines(path))

    def set_aside(self, inbound: Inbound) -> None:
        """Keep a message that the inbox refuses. Raises OSError."""
        _append_line(self._directory / "aside-refused.jsonl", _to_line(inbound))

    def append(self, inbound: Inbound) -> None:
        """Keep a message; when this returns, the disk has it. Raises OSError, with nothing kept."""
        path = self._current or self._new_path()
        self._current = None
        _append_line(path, _to_line(inbound))
        self._current = path
        self._places.setdefault(path, set()).add(Place(inbound.channel, inbound.address))

    def files(self) -> list[Path]:
        return sorted(self._directory.glob("spool-*.jsonl"))

    def seal(self) -> list[Path]:
        """The files to be drained now; what comes later goes into a new one."""
        self._current = None
        return self.files()

    def done(self, path: Path) -> None:
        """Everything in this file is in the inbox. A line that could not be read is kept for a human to see."""
        if any(inbound is None for inbound in _lines(path)):
            path.rename(path.with_name(path.name.replace("spool-", "aside-")))
        else:
            path.unlink(missing_ok=True)
        self._places.pop(path, None)

    def _new_path(self) -> Path:
        micros = int(self._clock.now().timestamp() * 1_000_000)
        self._began = max(self._began + 1, micros)
        return self._directory / f"spool-{self._began:020d}-{self._rng.getrandbits(32):08x}.jsonl"


def read(path: Path) -> list[Inbound]:
    """The messages of a file, in order. A torn last line was never acknowledged to anybody."""
    return [inbound for inbound in _lines(path) if inbound is not None]


def _lines(path: Path) -> Iterator[Inbound | None]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            kept = Inbound(**json.loads(line))
            yield replace(kept, received_at=datetime.fromisoformat(str(kept.received_at)))
        except (ValueError, TypeError):
            yield None


def _to_line(inbound: Inbound) -> str:
    return json.dumps(asdict(inbound) | {"received_at": inbound.received_at.isoformat()})


def _append_line(path: Path, line: str) -> None:
    is_new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        before = os.fstat(handle).st_size
        try:
            _write_all(handle, line.encode("ascii") + b"\n")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)
    if is_new:
        _fsync_directory(path.parent)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _fsync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
