"""Training both models from scratch, with the time it takes.

The stock starter takes many minutes; its model is kept under models/ by the digest of what it was made of, with
the time that it took, and is not trained again.
"""

from __future__ import annotations

import hashlib
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from benchmarks.processes import BenchmarkFailed, Process, say
from benchmarks.sides import HERE, ROOT

LONGEST_S = 3 * 3600.0
TELL_S = 30.0
DEFAULT_EPOCHS = 100


@dataclass(frozen=True)
class Trained:
    """A model and what it took: wall and processor seconds. `remembered`: measured in an earlier run."""

    model: Path
    wall_s: float
    cpu_s: float
    remembered: bool = False


def train_ours(python: str, folder: Path) -> Trained:
    """Train Nightlight's model from nothing, with an empty cache, into a folder that is thrown away."""
    out = folder / "ours"
    return _train([python, "-m", "bot.brain", "train", "--force", "--out", str(out)], out, folder, "Nightlight")


def stock_model(python: str, folder: Path, epochs: int) -> Trained:
    """The stock starter's model, trained on our data now or in an earlier run.

    Raises:
        BenchmarkFailed: Training failed; quotes the end of its log.
    """
    config = stock_config(epochs)
    kept = ROOT / "models" / f"stock-{digest(config)}"
    note = kept.with_name(kept.name + ".json")
    model = kept.with_name(kept.name + ".tar.gz")
    if model.is_file() and note.is_file():
        took = json.loads(note.read_text())
        return Trained(model, took["wall_s"], took["cpu_s"], remembered=True)
    say("the stock starter is trained once for each change of the data: about a minute for each epoch on two cores")
    written = folder / "stock-config.yml"
    written.write_text(config)
    command = [python, "-m", "rasa", "train", "--config", str(written), "--domain", "domain.yml", "--data", "data",
               "--out", str(kept.parent), "--fixed-model-name", kept.name, "--force"]  # fmt: skip
    trained = _train(command, kept, folder, f"the stock starter ({epochs} epochs)")
    note.write_text(json.dumps({"wall_s": trained.wall_s, "cpu_s": trained.cpu_s, "epochs": epochs}))
    return trained


def stock_config(epochs: int) -> str:
    """The starter's config.yml; with other than its own 100 epochs only for trying things out."""
    text = (HERE / "stock" / "config.yml").read_text("utf-8")
    if epochs == DEFAULT_EPOCHS:
        return text
    config = yaml.safe_load(text)
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return yaml.safe_dump(config, sort_keys=False)


def digest(config: str) -> str:
    """Names everything that the stock model is made of."""
    made_of = hashlib.sha256(config.encode())
    for path in (ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))):
        made_of.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return made_of.hexdigest()[:12]


def _train(command: Sequence[str], out: Path, folder: Path, name: str) -> Trained:
    say(f"training {name}")
    settings = {"RASA_CACHE_DIRECTORY": str(folder / f"cache-{out.name}"), "RASA_TELEMETRY_ENABLED": "false"}
    began, used = time.perf_counter(), _children_cpu_s()
    process = Process(command, folder / f"{out.name}.log", ROOT, settings)
    try:
        code = _wait(process, began, name)
    finally:
        process.stop()
    model = out.with_name(out.name + ".tar.gz")
    if code != 0 or not model.is_file():
        raise BenchmarkFailed(f"training {name} failed ({code}); the end of its log:\n{process.last_words()}")
    return Trained(model, time.perf_counter() - began, _children_cpu_s() - used)


def _wait(process: Process, began: float, name: str) -> int | None:
    told = began
    while process.wait() is None and (now := time.perf_counter()) - began < LONGEST_S:
        time.sleep(0.1)
        if now - told > TELL_S:
            say(f"training {name}: {now - began:,.0f} s so far")
            told = now
    return process.wait()


def _children_cpu_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def as_json(trained: Trained) -> dict[str, object]:
    return {key: value for key, value in asdict(trained).items() if key != "model"}
