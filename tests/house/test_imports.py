"""The stairs of the house: who may import whom (.importlinter)."""

import subprocess
import sys
from pathlib import Path


def test_everybody_only_looks_down_the_stairs(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
