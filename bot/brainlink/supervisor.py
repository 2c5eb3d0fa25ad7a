"""Starts the brain, watches it, and brings it back when it dies.

The brain is a process of its own (another Python, Rasa's pins); it may be killed at any moment. Not here: what a
turn does meanwhile (conversation).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from bot.brainlink.client import SocketBrain
from bot.clock import Clock
from bot.logs import Logger

POLL_S = 0.1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
SETTLED_S = 30.0
STOP_S = 5.0
LOOK_S = 5.0
MOST_MISSES = 3
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NIGHTLIGHT_BRAIN_TENSORFLOW",
             "NIGHTLIGHT_BRAIN_TRACEBACKS", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "PYTHONTZPATH")  # fmt: skip
"""The brain gets no secret: only these of our environment reach it."""


class Supervisor:
    """Keeps one brain alive. `ready` is true while it answers."""

    def __init__(
        self, command: Sequence[str], socket: Path, *, clock: Clock, log: Logger, log_file: Path, folder: Path
    ) -> None:
        self._command, self._socket, self._folder = command, socket, folder
        self._clock, self._log, self._log_file = clock, log, log_file
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()
        self._spawned = asyncio.Event()
        self.starts = 0

    def ready(self) -> bool:
        return self._is_ready.is_set()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Begin; returns when the process has been started (it is not ready yet). Twice is once."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_alive(), name="brain-supervisor")
            await self._spawned.wait()

    async def wait_until_ready(self, seconds: float) -> bool:
        """True as soon as the brain answers, False when it did not in time."""
        try:
            await asyncio.wait_for(self._is_ready.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """End the brain, gently first."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        process = self._process
        if process and process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _keep_alive(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            started = self._clock.monotonic()
            await self._run_once()
            self._is_ready.clear()
            lived = self._clock.monotonic() - started
            pause = FIRST_PAUSE_S if lived > SETTLED_S else min(pause * 2, LONGEST_PAUSE_S)
            self._log.warning("brain_ended", lived_s=round(lived, 1), again_in_s=pause)
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}  # env: passed on, not read
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        with self._log_file.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdout=output,
                stderr=output,
                stdin=asyncio.subprocess.DEVNULL,
                env=environment,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C is for the app, which then ends the brain
            )
        self.starts += 1
        self._spawned.set()
        watch = asyncio.create_task(self._watch(self._process))
        try:
            await self._process.wait()
        finally:
            watch.cancel()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Say when it answers; end it when it stops answering without dying."""
        brain = SocketBrain(self._socket)
        try:
            while not await brain.is_answering():
                await asyncio.sleep(POLL_S)
            self._is_ready.set()
            self._log.info("brain_ready", starts=self.starts)
            await self._until_it_hangs(brain)
            self._log.error("brain_hangs", pid=process.pid)
            process.kill()
        finally:
            await brain.close()

    async def _until_it_hangs(self, brain: SocketBrain) -> None:
        misses = 0
        while misses < MOST_MISSES:
            await asyncio.sleep(LOOK_S)
            misses = 0 if await brain.is_answering() else misses + 1
