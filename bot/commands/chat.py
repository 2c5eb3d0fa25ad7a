"""A conversation in the terminal, through the same durable path as the website."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys

from rich.console import Console
from rich.markup import escape

from bot import wiring
from bot.clock import Clock
from bot.conversation.model import Inbound, Outgoing
from bot.logs import Logger
from bot.settings import Settings

CHANNEL = "terminal"
BRAIN_START_S = 120.0
ANSWER_S = 20.0
QUIET_S = 0.3


async def chat_in_terminal(settings: Settings, clock: Clock, log: Logger) -> None:
    """Read a line, show what comes back; end of input ends it."""
    console = Console(highlight=False)
    house = wiring.build(settings, clock, log)
    address = f"terminal-{os.getpid()}-{secrets.token_hex(4)}"
    async with wiring.running(house):
        with console.status("starting the brain"):
            await house.supervisor.wait_until_ready(BRAIN_START_S)
        console.print("[dim]This is a program; nobody reads along. Ctrl-D ends it.[/dim]")
        await _talk(house, console, address)


async def _talk(house: wiring.House, console: Console, address: str) -> None:
    shown = 0
    while True:
        console.print("[bold]you>[/bold] ", end="")
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        if line.strip():
            await _send(house, address, line.rstrip("\n"))
        shown = await _show(house, console, address, shown)


async def _send(house: wiring.House, address: str, text: str) -> None:
    inbound = Inbound(CHANNEL, address, secrets.token_hex(8), text, house.clock.now())
    await house.conversation.receive(inbound)


async def _show(house: wiring.House, console: Console, address: str, shown: int) -> int:
    door, deadline = house.conversation, house.clock.monotonic() + ANSWER_S
    while house.clock.monotonic() < deadline:
        for outgoing in await door.wait_for_replies(CHANNEL, address, shown, QUIET_S):
            _print(console, outgoing)
            shown = outgoing.id
        if not await door.is_answering(CHANNEL, address):
            break
    await door.mark_seen(CHANNEL, address, shown)
    return shown


def _print(console: Console, outgoing: Outgoing) -> None:
    parts = escape(outgoing.text).split("**")
    text = "".join(f"[bold]{part}[/bold]" if i % 2 else part for i, part in enumerate(parts))
    console.print(f"[cyan]nightlight>[/cyan] {text}" if outgoing.kind != "urgent" else f"[red]nightlight>[/red] {text}")
    for number, choice in enumerate(outgoing.choices, 1):
        console.print(f"   [cyan]{number}[/cyan] {escape(choice.title)}")
    if outgoing.source:
        console.print(f"   [dim]{escape(outgoing.source)}[/dim]")
