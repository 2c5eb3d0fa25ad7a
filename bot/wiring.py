"""Where every port meets its adapter, and nowhere else.

Who calls it: the command line. Nothing here decides anything.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.brainlink.client import SocketBrain
from bot.brainlink.making import make_supervisor, socket_path
from bot.brainlink.supervisor import Supervisor
from bot.channels.web.app import create_app
from bot.channels.web.settings import WebSettings
from bot.clock import Clock
from bot.conversation.pace import Pace
from bot.conversation.service import ConversationService
from bot.library.load import load_library
from bot.library.model import Library
from bot.logs import Logger
from bot.safety import Screen, load_content, screen_of
from bot.settings import Settings
from bot.store.database import Database
from bot.store.engine import open_engine
from bot.store.migrate import migrate
from bot.voice import Voice

SESSION_KEY_BYTES = 32


@dataclass(frozen=True)
class House:
    """The parts of one running app."""

    settings: Settings
    clock: Clock
    library: Library
    screen: Screen
    voice: Voice
    database: Database
    brain: SocketBrain
    supervisor: Supervisor
    conversation: ConversationService
    log: Logger


def build(settings: Settings, clock: Clock, log: Logger, *, rng: random.Random | None = None,
          on_call: Callable[[], bool] = lambda: False, supervisor: Supervisor | None = None) -> House:  # fmt: skip
    """Make every part; nothing runs yet, unless a supervisor is given whose brain is already loading.

    Raises:
        StartupError: Content, a setting or the database is not as it must be; says which and what to do.
    """
    rng = rng or random.SystemRandom()
    settings.home.mkdir(parents=True, exist_ok=True)
    library = load_library(settings.content, clock.now().date())
    safety = load_content(settings.content / "safety")
    screen = screen_of(safety, settings.content / "safety")
    voice = Voice(library, safety, rng)
    engine = open_engine(settings.database)
    migrate(engine)
    database = Database(engine)
    supervisor = supervisor or make_supervisor(settings, clock, log)
    brain = SocketBrain(socket_path(settings), supervisor.ready)
    fallback = voice.fallback(settings.region, clock.now())
    conversation = ConversationService(
        database,
        brain,
        screen,
        clock=clock,
        rng=rng,
        spool_dir=settings.spool,
        first_words=voice.first_words,
        first_words_fallback=(fallback,),
        words_again=voice.words_again,
        notice=voice.notice,
        notice_fallback=fallback,
        on_call=on_call,
        default_region=settings.region,
        default_zone=settings.time_zone,
        pace=Pace(
            turn_deadline=settings.turn_deadline_s,
            patience=settings.patience_s,
            keep_words=settings.retention_days * 86400.0,
        ),
    )
    return House(settings, clock, library, screen, voice, database, brain, supervisor, conversation, log)


def website(house: House) -> Starlette:
    """The website channel over the durable path."""
    settings = house.settings
    web = WebSettings(
        public_url=settings.address,
        session_keys=(_session_key(settings.home / "session.key"),),
        programme_name=settings.programme_name,
        allowed_embed_origins=settings.embed_origins,
        secure_cookies=settings.is_secure,
        default_region=settings.region,
        regions=tuple((r.code, r.name) for r in house.library.regions.values()),
        retention_days=settings.retention_days,
    )
    words = house.library.messages["website"].words
    return create_app(house.conversation, house.clock, web, words, house.voice.emergency, _health(house))


@asynccontextmanager
async def running(house: House) -> AsyncIterator[House]:
    """Start the brain and the background work; end both in the right order."""
    await house.supervisor.start()
    await house.conversation.start()
    try:
        yield house
    finally:
        await house.conversation.stop()
        await house.supervisor.stop()
        await house.brain.close()
        house.database.close()


def _session_key(path: Path) -> bytes:
    """The secret that seals session tokens: made at the first start, readable by us alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(SESSION_KEY_BYTES))
    return path.read_bytes()


def _health(house: House) -> Callable[[], Any]:
    async def health() -> dict[str, Any]:
        state = await house.conversation.health()
        return {
            "ready": True,
            "database": state.database,
            "brain": house.supervisor.ready(),
            "spooled": state.spooled,
            "turns_running": state.turns_running,
            "at": house.clock.now().astimezone(UTC).isoformat(timespec="seconds"),
        }

    return health
