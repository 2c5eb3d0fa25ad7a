"""Processes: starting and ending them, and what they have used, read from /proc.

Who calls it: the two sides (`sides`) and the training. Only for Linux.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

STOP_S = 15.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PR_SET_PDEATHSIG = 1


class BenchmarkFailed(Exception):
    """A measurement could not be made; says which and why."""


class Process:
    """One process with all that it starts; it ends when this program ends."""

    def __init__(self, command: Sequence[str], log: Path, folder: Path, settings: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=folder,
                env={**os.environ, **settings}, start_new_session=True,
                preexec_fn=_end_with_us,  # noqa: PLW1509 - this program has no threads
            )  # fmt: skip

    def family(self) -> list[int]:
        """The process and everything below it.

        Raises:
            BenchmarkFailed: It has ended; quotes the end of its log.
        """
        if self._popen.poll() is not None:
            raise BenchmarkFailed(f"a server ended by itself; the end of its log:\n{self.last_words()}")
        return family(self._popen.pid)

    def wait(self) -> int | None:
        """The exit code, None while it runs."""
        return self._popen.poll()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-15:])

    def stop(self) -> None:
        """End it, gently first."""
        for kind in (signal.SIGTERM, signal.SIGKILL):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, kind)
                try:
                    self._popen.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    continue


def _end_with_us() -> None:
    """In the child: be told to end when the program that started it is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def family(root: int) -> list[int]:
    """Ids of a process and of all processes below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def cpu_ms(pids: Iterable[int]) -> float:
    """Processor time that these processes have used since they began, in milliseconds."""
    ticks = 0
    for pid in pids:
        fields = _stat(pid)
        if fields is None:
            raise BenchmarkFailed(f"process {pid} ended during a measurement")
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / TICKS_A_SECOND


def memory_mb(pids: Iterable[int]) -> float:
    """Memory of these processes in MB; pages that several share are counted once (PSS)."""
    return sum(_pss_kb(pid) for pid in pids) / 1024


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise BenchmarkFailed("this kernel does not tell the memory of a process (smaps_rollup)")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name, from the state on; None when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def free_port() -> int:
    """A port on loopback that nobody uses at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def say(text: str) -> None:
    """Progress, for whoever is waiting."""
    print(f"bench {time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)
