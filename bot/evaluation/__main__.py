"""`python -m bot.evaluation coverage`: the table of what there is for every intent."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.evaluation.coverage import HEADINGS, coverage

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Print the table; exit with 1 when a cell is empty."""
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


if __name__ == "__main__":
    sys.exit(main())
