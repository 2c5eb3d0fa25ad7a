"""`make bench`: speed, size and start of Nightlight beside the stock starter of Rasa, on the same data, in one run.

Prints one table; writes results/bench.json and a picture of the ratios beside it. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import chart, measure, table, training
from benchmarks.measure import Found, Plan
from benchmarks.processes import BenchmarkFailed, say
from benchmarks.sides import ROOT, Brain, Ours, Started, Stock
from benchmarks.talks import RightAnswer
from bot.errors import NightlightError
from bot.settings import Settings, read_settings

QUICK = Plan(conversations=4, seconds=3.0, sizes=(10, 40, 120), turns=20, turns_s=8.0, starts=1)
TITLE = "Nightlight: how many times better than the stock starter of Rasa 3.6"


@dataclass
class Run:
    """One run: what was asked, where its files go, and what it has found so far."""

    options: argparse.Namespace
    settings: Settings
    folder: Path
    ours: Found = field(default_factory=Found)
    stock: Found = field(default_factory=Found)
    notes: list[str] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        return QUICK if self.options.quick else Plan()


def main() -> int:
    options = _options()
    if not Path("/proc/self/smaps_rollup").exists():
        print("nightlight: make bench reads /proc and runs on Linux only", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="nl-bench-") as folder:
            run = Run(options, read_settings(), Path(folder))
            _measure(run)
            _report(run)
    except (BenchmarkFailed, NightlightError, TimeoutError, subprocess.SubprocessError) as error:
        print(f"nightlight: {error or type(error).__name__}", file=sys.stderr)
        return 3
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("ours", "stock"), help="measure one side")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that it works; its figures are rough")
    parser.add_argument("--stock-epochs", type=int, default=training.DEFAULT_EPOCHS, metavar="N",
                        help="train the stock starter with other than its own 100 epochs")  # fmt: skip
    parser.add_argument("--out", type=Path, default=ROOT / "results", help="folder for bench.json and bench.svg")
    return parser.parse_args()


def _measure(run: Run) -> None:
    if not Path(run.settings.brain_python).is_file() or not run.settings.brain_model.is_file():
        raise BenchmarkFailed("the brain's Python or its model is not there; start with `make bench`")
    run.notes += _about_the_run(run)
    ours, stock = run.options.only != "stock", run.options.only != "ours"
    # Both models first: then the two sides are measured close together, under the same load of the machine.
    stock_model = _train_stock(run) if stock else None
    if ours:
        _train_ours(run)
        _safety_screen(run)
        asyncio.run(_serve(run, Ours, Brain(run.settings.brain_python, run.settings.brain_model), run.ours))
    if stock_model:
        asyncio.run(_serve(run, Stock, Brain(run.settings.brain_python, stock_model), run.stock))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    run.notes.append(f"load average at the end {load}")


def _train_ours(run: Run) -> None:
    trained = training.train_ours(run.settings.brain_python, run.folder)
    run.ours.figures |= {"train_wall": trained.wall_s, "train_cpu": trained.cpu_s}


def _train_stock(run: Run) -> Path:
    trained = training.stock_model(run.settings.brain_python, run.folder, run.options.stock_epochs)
    run.stock.figures |= {"train_wall": trained.wall_s, "train_cpu": trained.cpu_s}
    if trained.remembered:
        run.notes.append("stock training: the time is remembered from the run that made this model")
    return trained.model


async def _serve(run: Run, make: type[Ours | Stock], brain: Brain, found: Found) -> None:
    """Start a side as often as the plan says, measure the last start, end it."""
    right = RightAnswer(run.settings.content)
    starts: list[Started] = []
    for number in range(1, run.plan.starts + 1):
        say(f"{make.name}: start {number} of {run.plan.starts}")
        side = make(brain, run.folder / f"{make.name}-{number}", right)
        try:
            starts.append(await side.first_answer())
            if number == run.plan.starts:
                _note_starts(run, side.name, starts, found)
                await measure.everything(side, run.plan, found)
        finally:
            side.stop()
    run.notes.append(f"{make.name}: {found.turns:,} turns measured, {found.unanswered} without an answer")


def _note_starts(run: Run, name: str, starts: list[Started], found: Found) -> None:
    found.figures["start"] = min(started.answer for started in starts)
    crisis = measure.quickest([started.crisis for started in starts])
    if crisis is not None:
        found.figures["start_crisis"] = crisis
    if not all(started.right for started in starts):
        run.notes.append(f"{name}: the first answer was NOT the right one")


def _safety_screen(run: Run) -> None:
    say("ours: the safety screen, alone in a process")
    done = subprocess.run([sys.executable, "-m", "benchmarks.screen"], cwd=ROOT, capture_output=True, text=True,
                          timeout=300, check=True)  # fmt: skip
    found = json.loads(done.stdout)
    run.ours.figures |= found["figures"]
    alone = "nothing of the brain loaded" if not found["loaded"] else f"LOADED: {', '.join(found['loaded'])}"
    run.notes.append(f"safety screen: {found['messages']} messages, {alone}; slowest 64 KB input: {found['hostile']}")


def _about_the_run(run: Run) -> list[str]:
    epochs = run.options.stock_epochs
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    notes = [
        f"{os.cpu_count()} cores, Python {platform.python_version()}; load average at the start {load}; putting 4 KB "
        f"on the disk takes {measure.disk_ms(run.folder):.1f} ms",
        "both sides over HTTP on loopback; ours: website API, durable path (SQLite, every commit on the disk), safety "
        "screen; stock: REST channel, SQLite, action server over HTTP, the same actions and data",
        "start: the quickest of several; stock's long conversations are copies of turns it really had",
    ]
    if epochs != training.DEFAULT_EPOCHS:
        notes.append(f"STOCK TRAINED WITH {epochs} EPOCHS instead of its own {training.DEFAULT_EPOCHS}")
    return notes + ["QUICK RUN: rough figures, shorter conversations"] * run.options.quick


def _report(run: Run) -> None:
    lines = table.rows(table.figures(run.plan.sizes), run.ours.figures, run.stock.figures)
    print(table.render(lines, run.notes))
    run.options.out.mkdir(parents=True, exist_ok=True)
    (run.options.out / "bench.json").write_text(json.dumps(_as_json(run, lines), indent=1) + "\n")
    if any(row.ratio for row in lines):
        (run.options.out / "bench.svg").write_text(chart.svg(lines, TITLE), encoding="utf-8")
    say(f"written: {run.options.out}/bench.json")


def _as_json(run: Run, lines: list[table.Row]) -> dict[str, object]:
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "stock_epochs": run.options.stock_epochs,
        "quick": run.options.quick,
        "plan": asdict(run.plan),
        "notes": run.notes,
        "rows": [
            {**asdict(row.figure), "ours": row.ours, "stock": row.stock, "ratio": row.ratio, "met": row.met}
            for row in lines
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
