"""Every error of ours, in one tree. The docstring is the message, and says what to do.

NightlightError
├── StartupError            refuse loudly at start, never when somebody needs help
│   ├── BadContent          a YAML file says something it may not; carries file, line and key
│   ├── BadSetting
│   └── BadDatabase
├── NotStored               neither the database nor the spool could keep a message
├── BrainUnavailable        the turn can be taken again
├── BadRequest              what a client sent cannot be read
└── SendError               a channel could not deliver; says if trying again is safe
"""

from __future__ import annotations


class NightlightError(Exception):
    """Something in Nightlight went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class StartupError(NightlightError):
    """Nightlight cannot start; the line above says why."""


class BadSetting(StartupError):
    """A setting has a value that cannot be used; see docs/settings.md."""


class BadDatabase(StartupError):
    """The database does not keep what it is given; use SQLite in WAL with synchronous=FULL, or PostgreSQL in UTF8."""


class BadContent(StartupError):
    """A content file says something it may not; mend the line that is named and run `make content`."""

    def __init__(self, path: str, line: int, key: str, why: str) -> None:
        super().__init__(f"{path}:{line}: {key}: {why}")
        self.path, self.line, self.key, self.why = path, line, key, why


class NotStored(NightlightError):
    """The message could not be kept; ask the sender to send it again.

    `urgent` holds what must be shown all the same (`bot.conversation.model.Outgoing`).
    """

    def __init__(self, urgent: tuple[object, ...] = ()) -> None:
        super().__init__("The message could not be kept; ask the sender to send it again.")
        self.urgent = urgent


class BrainUnavailable(NightlightError):
    """The brain did not answer in time; the turn may be taken again."""


class BadRequest(NightlightError):
    """The request cannot be read."""

    def __init__(self, message: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class SendError(NightlightError):
    """A channel could not deliver a message.

    `retryable`: trying again cannot show the message twice. `unknown`: it may have arrived. `gone`: the person
    cannot be reached on this channel any more. `after_s`: how long the provider asked us to wait.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        retryable: bool = False,
        unknown: bool = False,
        gone: bool = False,
        after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.retryable, self.unknown, self.gone, self.after_s = retryable, unknown, gone, after_s
