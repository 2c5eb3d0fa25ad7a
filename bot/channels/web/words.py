"""The words shown on the website, checked once at start so that none is missing when somebody needs it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import StartupError

FOR_ERRORS = {
    *("error_broken", "error_empty", "error_client_id", "error_choice", "error_region", "error_seen", "error_after"),
    *("error_too_long", "error_too_slow", "error_origin", "error_session", "error_not_found", "error_method"),
    *("error_not_stored", "error_unexpected", "error_slow_down"),
}
FOR_SCRIPT = (
    *("you", "bot", "choices", "picked", "urgent_label", "reminder", "typing", "empty", "unsent", "refused"),
    *("lost", "back", "failed", "kept_in_spool", "slow_down", "no_cookies"),
    *("call", "call_label", "intro_number", "region_set", "region_told"),
)
FOR_WIDGET = ("widget_open", "widget_close", "widget_title")


class Words:
    """All texts of the website channel by key; `{placeholders}` are filled when said."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        missing = sorted({*FOR_ERRORS, *FOR_SCRIPT, *FOR_WIDGET} - set(texts))
        if missing:
            raise StartupError(f"website.yml: these words are missing: {', '.join(missing)}")
        self._texts = dict(texts)

    def say(self, key: str, **fill: str) -> str:
        """The text of `key`, its placeholders filled. A fill is data: placeholders inside it are left alone."""
        return self._texts[key].format_map(fill) if fill else self._texts[key]

    def some(self, keys: tuple[str, ...]) -> dict[str, str]:
        """Several texts, for a script to show."""
        return {key: self._texts[key] for key in keys}
