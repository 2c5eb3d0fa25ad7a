"""What the durable path needs from others, and what channels may ask of it.

`Brain` is implemented by `bot.brainlink`; the units of work by `bot.store`; `Door` by `bot.conversation.service`.
"""

from __future__ import annotations

from typing import Protocol

from bot.conversation.model import Inbound, Line, Outgoing, Receipt
from bot.turns import TurnRequest, TurnResult


class Brain(Protocol):
    """Understands and decides; holds nothing."""

    async def take_turn(self, request: TurnRequest) -> TurnResult:
        """Answer one message.

        Raises:
            BrainUnavailable: No answer in time; nothing has happened and the same call may be made again.
        """
        ...

    @property
    def is_ready(self) -> bool: ...


class Door(Protocol):
    """The durable path as a channel sees it."""

    async def receive(self, inbound: Inbound) -> Receipt:
        """Keep a message, screen it, and set its turn going.

        Raises:
            NotStored: Neither database nor spool could keep it; `.urgent` still holds what must be shown.
        """
        ...

    async def replies_since(self, channel: str, address: str, after_id: int) -> list[Outgoing]:
        """All messages to this person with an id above `after_id`, in order; marks them handed over."""
        ...

    async def wait_for_replies(self, channel: str, address: str, after_id: int, timeout_s: float) -> list[Outgoing]:
        """As `replies_since`, but waits up to `timeout_s` for the first one."""
        ...

    async def is_answering(self, channel: str, address: str) -> bool:
        """True while a message of this person waits for its answer (the "typing" state)."""
        ...

    async def history(self, channel: str, address: str, limit: int = 50) -> list[Line]:
        """The last lines of this conversation, both sides, oldest first."""
        ...

    async def mark_seen(self, channel: str, address: str, up_to_id: int) -> None:
        """The person's device showed everything up to this id (state `delivered`)."""
        ...

    async def set_region(self, channel: str, address: str, region: str) -> None:
        """The person chose their country."""
        ...

    async def region_of(self, channel: str, address: str) -> str | None:
        """The country we keep for this person; None for somebody who has not written."""
        ...

    async def erase(self, channel: str, address: str) -> None:
        """Forget this person on this channel: words, state, outbox, open timers."""
        ...
