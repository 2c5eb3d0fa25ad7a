"""`python -m bot.evaluation coverage|danger`: what there is for every intent; what the screen alone hears."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.evaluation.coverage import HEADINGS, coverage
from bot.evaluation.danger import danger
from bot.safety import load_screen

ROOT = Path(__file__).resolve().parent.parent.parent


def print_coverage() -> int:
    """Print the table; 1 when a cell is empty."""
    rows = coverage(ROOT)
    table = Table(*HEADINGS, title="what there is for every intent")
    for row in rows:
        table.add_row(*row.cells(), style="red" if row.gaps else None)
    Console(width=130).print(table)
    gaps = [f"{row.intent}: no {', no '.join(row.gaps)}" for row in rows if row.gaps]
    sys.stdout.write("\n".join(gaps) + ("\n" if gaps else ""))
    sys.stdout.write(
        f"{len(rows)} intents, {sum(row.examples for row in rows)} examples, {len(gaps)} with an empty cell\n"
    )
    return 1 if gaps else 0


def print_danger() -> int:
    """Print what the screen alone hears in the blind set."""
    folder = ROOT / "bot" / "content" / "safety"
    table = Table(
        "kind", "heard", "of", "share", "at least (95 %)", title="danger heard by the screen alone, blind set"
    )
    for kind, found in danger(load_screen(folder), ROOT / "tests" / "safety" / "blind.yml").items():
        table.add_row(kind, str(found.heard), str(found.count), f"{found.share:.3f}", f"{found.at_least:.3f}")
    Console(width=100).print(table)
    return 0


COMMANDS = {"coverage": print_coverage, "danger": print_danger}


def main() -> int:
    """Run the command that was named."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        sys.stderr.write(f"usage: python -m bot.evaluation {'|'.join(COMMANDS)}\n")
        return 2
    return COMMANDS[name]()


if __name__ == "__main__":
    sys.exit(main())
