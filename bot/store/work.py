"""One unit of work: all parts on one connection, in one transaction."""

from __future__ import annotations

from bot.store.account_rows import AccountRowsIn
from bot.store.care_rows import CareRowsIn
from bot.store.inbox_rows import InboxRowsIn
from bot.store.outbox_rows import OutboxRowsIn
from bot.store.people_rows import PeopleRowsIn
from bot.store.sending_rows import SendingRowsIn


class Unit(PeopleRowsIn, InboxRowsIn, OutboxRowsIn, SendingRowsIn, CareRowsIn, AccountRowsIn):
    """What `bot.conversation.storage.UnitOfWork` asks for."""
