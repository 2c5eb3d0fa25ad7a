"""What all tests share: where the house stands, and the rule that in the gate nothing is skipped in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With NIGHTLIGHT_NO_SKIPS (the gate sets it) a skipped test is a failed test."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("NIGHTLIGHT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which the gate does not allow: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """The same for a file or folder that is skipped while it is collected."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("NIGHTLIGHT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"not collected, which the gate does not allow: {report.longrepr}"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
