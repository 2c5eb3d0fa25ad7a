"""What the brain asks the app to do, carried out in the transaction that ends the turn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.records import LEVELS, Job, NewTimer, Seen
from bot.conversation.storage import UnitOfWork
from bot.errors import NightlightError
from bot.people.model import Person
from bot.people.profile import changes
from bot.turns import Command, TurnResult

LONGEST_WAIT_S = 400 * 86400.0


class BadAnswer(NightlightError):
    """The brain answered with something that cannot be carried out."""


@dataclass
class Done:
    """What the commands changed."""

    person: Person
    escalated: bool = False


def carry_out(work: UnitOfWork, job: Job, commands: tuple[Command, ...], at: datetime) -> Done:
    """All commands but `erase_me`, in order. Raises BadAnswer; then nothing of the turn is kept."""
    done = Done(job.person)
    for command in commands:
        if command.kind == "set_person":
            parts = changes(command.args)
            work.change_person(done.person.id, parts)
            done.person = replace(done.person, **parts)
        elif command.kind == "open_escalation":
            done.escalated |= work.open_escalation(done.person.id, _seen(command.args), job.waiting.id, at)
        else:
            _small(work, job, command, at)
    return done


def _small(work: UnitOfWork, job: Job, command: Command, at: datetime) -> None:
    args = command.args
    if command.kind == "remind":
        due_at = at + timedelta(seconds=float(args["after_s"]))
        work.set_timer(NewTimer(job.person.id, job.waiting.place, str(args["key"]), due_at, str(args["payload"])))
    elif command.kind == "cancel_reminder":
        work.cancel_timer(job.person.id, str(args["key"]))
    elif command.kind == "note_feedback":
        work.note_feedback(str(args["topic"]), bool(args["helpful"]), at)


def wants_erasure(result: TurnResult) -> bool:
    return any(command.kind == "erase_me" for command in result.commands)


def check(result: TurnResult, *, may_be_silent: bool) -> None:
    """Refuse an answer that says nothing or asks for something unknown. Raises BadAnswer."""
    if not result.replies and not may_be_silent:
        raise BadAnswer("The brain gave no reply.")
    for reply in result.replies:
        if not reply.text.strip():
            raise BadAnswer("The brain gave an empty reply.")
    for command in result.commands:
        _check_command(command)


_NEEDED = {
    "set_person": (),
    "remind": ("key", "after_s", "payload"),
    "cancel_reminder": ("key",),
    "open_escalation": ("kind", "level"),
    "erase_me": (),
    "note_feedback": ("topic", "helpful"),
}


def _check_command(command: Command) -> None:
    missing = [name for name in _NEEDED.get(command.kind, ("?",)) if name not in command.args]
    if missing:
        raise BadAnswer(f"The command {command.kind} cannot be carried out.")
    if command.kind == "remind" and not _is_wait(command.args["after_s"]):
        raise BadAnswer("A reminder needs a number of seconds.")
    if command.kind == "open_escalation" and command.args["level"] not in LEVELS[1:]:
        raise BadAnswer("An escalation needs a level.")


def _is_wait(seconds: object) -> bool:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return False
    return math.isfinite(seconds) and 0 <= seconds <= LONGEST_WAIT_S


def _seen(args: Mapping[str, Any]) -> Seen:
    because = args.get("because") or ()
    reasons = (because,) if isinstance(because, str) else tuple(str(reason) for reason in because)
    return Seen(str(args["kind"]), str(args["level"]), reasons)
