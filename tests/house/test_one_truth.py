"""Rules that a machine can hold: settings, time, words, and the hosts and paths that must not be committed."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

HOSTS = re.compile("pypi" + r"\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|deb\.debian" + r"\.org")


def python_files(root: Path, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def calls(tree: ast.AST) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_only_the_settings_read_the_environment(root: Path) -> None:
    may = {"bot/brain/__main__.py", "bot/brain/server.py", "bot/brainlink/supervisor.py", "bot/settings.py"}
    reads = {
        str(path.relative_to(root))
        for path in python_files(root, "bot", "actions")
        if "os.environ" in path.read_text() or "getenv(" in path.read_text()
    }
    assert reads <= may


def test_only_the_clock_asks_what_time_it_is(root: Path) -> None:
    asks = re.compile(r"(datetime\.(now|utcnow|today)|date\.today|time\.(time|monotonic))$")
    found = {
        f"{path.relative_to(root)}: {call}"
        for path in python_files(root, "bot", "actions")
        if path.name != "clock.py"
        for call in calls(ast.parse(path.read_text()))
        if asks.search(call)
    }
    known = {
        # the brain stamps Rasa's events and stands alone in `rasa shell`; the checks of content run by hand
        "bot/brain/mind.py: time.time",
        "actions/memory.py: date.today",
        "actions/talk.py: datetime.now",
        "bot/library/__main__.py: date.today",
        "bot/safety/bench.py: time.perf_counter",
    }
    assert found <= known, found - known


def test_nothing_committed_names_a_registry_host(root: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    named = [name for name in listed.stdout.split("\0") if name and _holds_host(root / name)]
    assert named == []


def _holds_host(path: Path) -> bool:
    try:
        return path.is_file() and HOSTS.search(path.read_text("utf-8")) is not None
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("name", ["app", "dev", "brain", "uv"])
def test_every_lock_pins_hashes(root: Path, name: str) -> None:
    lock = (root / "requirements" / f"{name}.txt").read_text()
    pins = re.findall(r"^[A-Za-z0-9_.-]+==\S+", lock, re.MULTILINE)
    assert pins
    assert lock.count("--hash=sha256:") >= len(pins)


def test_modules_fit_in_the_head(root: Path) -> None:
    long = {
        str(path.relative_to(root)): lines
        for path in python_files(root, "bot", "actions", "tools", "benchmarks")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
