"""How a form lets people go: talk of something else ends it, a question aside does not, two misses are enough."""

from __future__ import annotations

from actions.talk import Talk

ASIDES = frozenset(
    {"repeat", "ask_why", "bot_challenge", "ask_privacy", "set_name", "insult", "ask_capabilities", "ask_naloxone"}
)
"""Answered in passing; the form then asks its question again."""

ANSWERS = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "chitchat", "greet", "thanks"})
"""May be an answer to the question that was asked, however it was read."""

MOST_TRIES = 2


def leaves_flow(talk: Talk, stays: tuple[str, ...] = ()) -> bool:
    """True when the person turned to something else, or could not answer twice."""
    if talk.intent in stays or talk.intent in ASIDES:
        return False
    if talk.intent in ANSWERS:
        return int(talk.slot("tries") or 0) >= MOST_TRIES
    return True


def leave(talk: Talk) -> None:
    """End the form; its last action answers what was said instead."""
    talk.set("flow_left", True)
    talk.set("requested_slot", None)


def try_again(talk: Talk) -> None:
    """Ask once more; an aside is left to its own rule (no event means that the form steps back)."""
    if talk.intent not in ASIDES:
        talk.set("tries", int(talk.slot("tries") or 0) + 1)
