"""Says how this installation's brain is started: its Python, its model, its socket.

Light on purpose: the brain takes seconds to load, so it is started before the rest of the app is even imported.
"""

from __future__ import annotations

import os
from pathlib import Path

from bot.brainlink.supervisor import Supervisor
from bot.clock import Clock
from bot.errors import BadSetting
from bot.logs import Logger
from bot.settings import LONGEST_SOCKET_PATH, ROOT, Settings


def make_supervisor(settings: Settings, clock: Clock, log: Logger) -> Supervisor:
    """A supervisor for the brain that the settings name; nothing is started yet.

    Raises:
        BadSetting: There is no such Python or model, or the home folder's path is too long for a socket.
    """
    python = settings.brain_python
    if not python or not Path(python).exists():
        raise BadSetting("NIGHTLIGHT_BRAIN_PYTHON does not name the brain's Python; start with `make run`.")
    if not settings.brain_model.is_file():
        raise BadSetting(f"NIGHTLIGHT_BRAIN_MODEL: there is no model at {settings.brain_model}; make one: make train")
    settings.home.mkdir(parents=True, exist_ok=True)
    socket = socket_path(settings)
    own = ("--model", str(settings.brain_model), "--socket", str(socket), "--parent", str(os.getpid()))
    command = [python, "-m", "bot.brain", "serve", *own]
    return Supervisor(command, socket, clock=clock, log=log, log_file=settings.home / "brain.log", folder=ROOT)


def socket_path(settings: Settings) -> Path:
    """Where the brain listens. Raises BadSetting when the path is too long for a socket."""
    socket = (settings.home / "brain.sock").resolve()
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        raise BadSetting(f"NIGHTLIGHT_HOME is too long a path for a socket ({socket}); choose a shorter one.")
    return socket
