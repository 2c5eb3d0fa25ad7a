"""Start or train the brain: `python -m bot.brain serve|train|rasa …`, in the brain's environment."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import warnings
from pathlib import Path

from bot.errors import NightlightError


def main() -> int:
    parser = argparse.ArgumentParser(prog="bot.brain", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="answer turns on a Unix socket")
    serve.add_argument("--model", type=Path, required=True)
    serve.add_argument("--socket", type=Path, required=True)
    serve.add_argument("--parent", type=int, default=os.getppid(), help="end when this process is gone")
    train = verbs.add_parser("train", help="train the model from data/, domain.yml and config.yml")
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--force", action="store_true", help="do not use Rasa's cache")
    arguments = parser.parse_args()
    if arguments.verb == "serve":
        # One sentence at a time needs no second thread; waiting ones would only burn the other core.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            os.environ.setdefault(name, "1")
    _prepare()
    try:
        return _serve(arguments) if arguments.verb == "serve" else _train(arguments)
    except NightlightError as error:
        print(f"nightlight: {error}", file=sys.stderr)  # noqa: T201
        return 3


def _prepare() -> None:
    """Quiet, offline, without TensorFlow unless it is asked for; all before Rasa is imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    warnings.simplefilter("ignore")
    if os.environ.get("NIGHTLIGHT_BRAIN_TENSORFLOW", "inert") == "inert":
        from bot.brain.without_tensorflow import install

        install()
    from rasa.utils.log_utils import configure_structlog

    # Words must not reach a log: structlog's default prints every message at DEBUG, and Rasa warns with text in it.
    configure_structlog(logging.WARNING)
    for name in ("rasa", "asyncio", "matplotlib", "py.warnings"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _serve(arguments: argparse.Namespace) -> int:
    from bot.brain.mind import Mind
    from bot.brain.server import serve

    asyncio.run(serve(Mind(arguments.model), arguments.socket, arguments.parent))
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from rasa.model_training import train

    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("rasa").setLevel(logging.INFO)
    result = train(
        domain="domain.yml", config="config.yml", training_files=["data"], output=str(arguments.out.parent),
        fixed_model_name=arguments.out.name, force_training=arguments.force,
    )  # fmt: skip
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main())
