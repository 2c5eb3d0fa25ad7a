"""Take a message in: screened first, then kept, in the inbox or in the spool, or honestly refused."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.conversation.firstwords import FirstResponder
from bot.conversation.keep import Keeper
from bot.conversation.model import Inbound, OfferedChoice, Outgoing, Receipt
from bot.conversation.pace import Pace
from bot.conversation.recent import Recent
from bot.conversation.records import Job, Kept, Place, Seen
from bot.conversation.spool import Spool
from bot.conversation.storage import Store, StoreDown
from bot.errors import BadRequest, NotStored
from bot.people.profile import region_of
from bot.turns import Reply

log = logging.getLogger(__name__)
LONGEST_ID = 200


@dataclass(frozen=True)
class Taken:
    """A receipt for the channel, and what must happen next on our side."""

    receipt: Receipt
    job: Job | None = None
    escalated: bool = False


class Receiver:
    """The first steps of every message."""

    def __init__(
        self,
        store: Store,
        spool: Spool,
        responder: FirstResponder,
        keeper: Keeper,
        *,
        clock: Clock,
        rng: random.Random,
        pace: Pace,
        default_region: str,
    ) -> None:
        self._store, self._spool, self._responder, self._keeper = store, spool, responder, keeper
        self._clock, self._rng, self._default_region = clock, rng, default_region
        self._disk = ThreadPoolExecutor(1, "spool")
        self._last_negative = 0
        self.recent = Recent(pace.earlier_words)

    async def receive(self, inbound: Inbound) -> Taken:
        """Raises NotStored when no disk would take the message."""
        inbound = _bounded(inbound)
        place = Place(inbound.channel, inbound.address)
        earlier = self.recent.words(place, inbound)
        seen = self._responder.look(inbound.text, earlier)
        self.recent.add(place, inbound)
        if seen.is_urgent:
            self.recent.answered_at_once(place, inbound)
        taken = await self._keep_somewhere(inbound, place, seen, earlier)
        if taken.receipt.urgent:
            self.recent.answered_at_once(place, inbound)
        return taken

    async def _keep_somewhere(self, inbound: Inbound, place: Place, seen: Seen, earlier: Sequence[str]) -> Taken:
        if not self._spool.holds(place):
            try:
                return _taken(await self.to_inbox(inbound, seen, earlier))
            except StoreDown:
                pass
            except Exception as error:  # noqa: BLE001 - a fault of ours must not lose what somebody wrote
                log.error("a message could not go into the inbox: %s", type(error).__name__)
        return await self._to_spool(inbound, place, seen)

    async def to_inbox(self, inbound: Inbound, seen: Seen, earlier: Sequence[str]) -> Kept:
        return await self._store.write(lambda work: self._keeper.keep(work, inbound, seen, earlier))

    async def replay(self, inbound: Inbound) -> Kept:
        """A spooled message goes into the inbox; one that is already there changes nothing."""
        return await self.to_inbox(inbound, self._responder.look(inbound.text, ()), ())

    async def _to_spool(self, inbound: Inbound, place: Place, seen: Seen) -> Taken:
        urgent = self._words_without_store(inbound, place, seen)
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._spool.append, inbound)
        except OSError as error:
            raise NotStored(urgent) from error
        return Taken(Receipt("spool", False, None, urgent))

    def _words_without_store(self, inbound: Inbound, place: Place, seen: Seen) -> tuple[Outgoing, ...]:
        region = self.recent.region(place) or region_of(inbound.region_hint) or self._default_region
        words = self._responder.words(seen, region, place.channel, self._clock.now())
        return tuple(self._unstored(reply) for reply in words)

    def _unstored(self, reply: Reply) -> Outgoing:
        """A message with a negative id. Its choices cannot be looked up later, but their names can be written."""
        now = self._clock.now()
        self._last_negative = max(self._last_negative + 1, int(now.timestamp() * 1_000_000))
        key = f"{self._rng.getrandbits(64):016x}"
        offered = tuple(OfferedChoice(f"{key}.{n}", choice.title) for n, choice in enumerate(reply.choices, start=1))
        return Outgoing(-self._last_negative, "urgent", reply.text, offered, reply.source, now, None)

    def close(self) -> None:
        self._disk.shutdown(wait=True)


def _taken(kept: Kept) -> Taken:
    receipt = Receipt("inbox", kept.repeated, kept.message_id or None, kept.urgent)
    return Taken(receipt, kept.job, kept.escalated)


def _bounded(inbound: Inbound) -> Inbound:
    """Ids that an index can hold: a long message id is replaced by its digest, a long address is no address."""
    if not inbound.address or len(inbound.address) > LONGEST_ID or len(inbound.channel) > LONGEST_ID:
        raise BadRequest("The address cannot be read.")
    if len(inbound.provider_id) <= LONGEST_ID:
        return inbound
    digest = hashlib.sha256(inbound.provider_id.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(inbound, provider_id=f"sha256:{digest}")
