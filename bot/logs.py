"""Logs that cannot carry a person's words: only keys on the allow-list get through.

An id in a log is opaque. Anything else that a caller passes is dropped and counted, so a careless line leaks nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Protocol

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "person_id",
        "message_id",
        "outbox_id",
        "escalation_id",
        "kind",
        "channel",
        "state",
        "status",
        "count",
        "seconds",
        "lived_s",
        "again_in_s",
        "starts",
        "error",
        "reason",
        "url",
        "host",
        "port",
        "path",
        "model",
        "version",
        "attempts",
        "outcome",
        "ids",
        "ready",
        "pid",
        "spooled",
        "drained",
        "lag_s",
        "database",
    ]
)


class Logger(Protocol):
    """What the house needs of a logger: a short event name and allowed keys."""

    def info(self, event: str, **keys: Any) -> None: ...

    def warning(self, event: str, **keys: Any) -> None: ...

    def error(self, event: str, **keys: Any) -> None: ...


def only_allowed(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list; say how many were dropped."""
    kept = {key: value for key, value in entry.items() if key in ALLOWED}
    if len(kept) < len(entry):
        kept["count"] = kept.get("count", len(entry) - len(kept))
    return kept


class NamesOnly(logging.Formatter):
    """For the loggers of libraries: who spoke and where, never their message, which may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        return f"{record.levelname} {record.name} {record.module}:{record.lineno} {error}".rstrip()


def configure(level: str = "INFO") -> Logger:
    """Set up logging for a process of the app and return its logger."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NamesOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "uvicorn.access", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    logger: Logger = structlog.get_logger("nightlight")
    return logger
