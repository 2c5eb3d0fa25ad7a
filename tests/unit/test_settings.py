"""Settings are checked at start, and a wrong one is refused with a sentence that says what to do."""

from __future__ import annotations

import pytest

from bot.errors import BadSetting
from bot.settings import read_settings


def test_the_defaults_are_a_working_installation(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    assert settings.port == 8800
    assert settings.database.startswith("sqlite:///")
    assert not settings.is_secure


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "ninety"), ("PORT", "70000"), ("REGION", "XX"), ("RETENTION_DAYS", "0"), ("PATIENCE_S", "-1")],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"NIGHTLIGHT_{name}", value)
    with pytest.raises(BadSetting, match=f"NIGHTLIGHT_{name}"):
        read_settings()


def test_https_makes_the_cookie_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTLIGHT_PUBLIC_URL", "https://chat.example.org")
    assert read_settings().is_secure
