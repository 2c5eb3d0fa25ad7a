"""How long things may take, in one place; every number is seconds unless it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """The durations of the durable path; the defaults are what the design promises.

    Attributes:
        turn_deadline: One call to the brain.
        patience: How long a person waits before they are told that the answer is late.
        keep_trying: How long a turn is tried again while the brain is away.
        lease: How long a conversation is held without a sign of life.
        turns_at_once: Calls to the brain in parallel (a count).
        bad_answers: Answers that cannot be used before the message is closed with a notice (a count).
        lost_calls: Calls lost on one message while the brain answers others (a count); it may be the message.
        retry_first, retry_most: Waiting between two tries, doubled each time.
        poll: How often due timers, left-over turns and other processes' rows are looked for.
        hand_over: How often rows that were shown are marked so.
        same_danger: How long the first words of one kind are not said again in full.
        earlier_words: How far back the safety screen reads.
        keep_words: How long somebody may be silent before their conversation is erased.
        forget: How often such conversations are looked for.
        husk: How long the confirmation of an erasure stays.
        send_deadline, send_lease: One call to a provider; a lease is more than twice as long.
        send_retry_most, send_for: Waiting between two sends, and how long a message is worth sending.
        urgent_sends: How often urgent words are sent again when nobody knows whether they arrived (a count).
        sends_at_once: Calls in parallel to one provider (a count).
    """

    turn_deadline: float = 8.0
    patience: float = 3.0
    keep_trying: float = 600.0
    lease: float = 15.0
    turns_at_once: int = 8
    bad_answers: int = 3
    lost_calls: int = 6
    retry_first: float = 0.1
    retry_most: float = 2.0
    poll: float = 1.0
    hand_over: float = 0.2
    earlier_words: float = 120.0
    same_danger: float = 600.0
    husk: float = 3600.0
    keep_words: float = 90 * 86400.0
    forget: float = 3600.0
    send_deadline: float = 10.0
    send_lease: float = 30.0
    send_retry_most: float = 300.0
    send_for: float = 86400.0
    urgent_sends: int = 8
    sends_at_once: int = 8
