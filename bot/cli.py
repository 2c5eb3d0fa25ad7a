"""The command line: `run`, `chat`, `understand`, `answer`. The Makefile's words call it with the brain's settings.

Each command imports what it needs when it is called, so that `run` has its brain loading before the rest is read.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.errors import NightlightError
from bot.logs import configure
from bot.settings import Settings, read_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
InFile = Annotated[Path, typer.Argument(help="Lines of JSON to read.", exists=True, dir_okay=False)]
OutFile = Annotated[Path, typer.Argument(help="Where the lines of JSON go.")]


@app.command()
def run() -> None:
    """Serve the website chat until Ctrl-C."""
    from bot.commands.serve import serve

    settings = read_settings()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(settings, SystemClock(), configure(settings.log_level)))


@app.command()
def chat() -> None:
    """Talk with Nightlight in the terminal, through the same path."""
    from bot.commands.chat import chat_in_terminal

    asyncio.run(chat_in_terminal(_quiet(), SystemClock(), configure("ERROR")))


@app.command()
def understand(source: InFile, target: OutFile) -> None:
    """Read messages: {"id","text"} -> intent, confidence, alternatives, entities and what the safety screen saw."""
    from bot.commands.understand import understand_file

    asyncio.run(understand_file(_quiet(), configure("ERROR"), source, target))


@app.command()
def answer(source: InFile, target: OutFile) -> None:
    """Answer conversations: {"id","channel","region","messages":[…]} -> every turn, on a scratch database."""
    from bot.commands.answer import answer_file

    asyncio.run(answer_file(_quiet(), configure("ERROR"), source, target))


def _quiet() -> Settings:
    return read_settings()


def main() -> None:
    """Run a command; a mistake of ours or of the machine ends in one sentence, not in a traceback."""
    try:
        app()
    except NightlightError as error:
        print(f"nightlight: {error}", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(0)
