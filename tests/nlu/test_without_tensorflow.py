"""Rasa runs without TensorFlow, says so, and refuses what needs it."""

import subprocess
import sys

import pytest

pytest.importorskip("rasa", reason="needs the brain's environment")
pytestmark = pytest.mark.rasa


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_rasa_is_there_and_tensorflow_is_not() -> None:
    out = run(
        "import sys\n"
        "from bot.brain.without_tensorflow import install, active\n"
        "assert install() and active() and install()\n"
        "import rasa.core.agent, rasa.model_training\n"
        "print(len([m for m in sys.modules if m.startswith(('tensorflow', 'keras', 'jax'))]) < 30)\n"
    )
    assert out.strip() == "True"


def test_components_that_need_it_refuse_by_name() -> None:
    out = run(
        "from bot.brain.without_tensorflow import install, NeedsTensorFlow\n"
        "install()\n"
        "from rasa.nlu.classifiers.diet_classifier import DIETClassifier\n"
        "from rasa.core.policies.ted_policy import TEDPolicy\n"
        "from rasa.nlu.selectors.response_selector import ResponseSelector\n"
        "from rasa.utils.tensorflow.models import RasaModel\n"
        "for make in (DIETClassifier.create, DIETClassifier.load, TEDPolicy.load, ResponseSelector.load, RasaModel):\n"
        "    try:\n"
        "        make(None, None, None, None)\n"
        "    except NeedsTensorFlow as error:\n"
        "        print(error)\n"
    )
    assert out.count("needs TensorFlow") == 5
    assert "DIETClassifier needs TensorFlow" in out


def test_components_that_do_not_need_it_are_untouched() -> None:
    out = run(
        "from bot.brain.without_tensorflow import install\n"
        "install()\n"
        "from rasa.core.policies.rule_policy import RulePolicy\n"
        "from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier\n"
        "print(FallbackClassifier.create({}, None, None, None) is not None)\n"
    )
    assert out.strip() == "True"


def test_libraries_that_only_ask_hear_no() -> None:
    out = run(
        "from bot.brain.without_tensorflow import install\n"
        "install()\n"
        "for name in ('tensorflow_hub', 'jax', 'tensorflow.experimental.dlpack'):\n"
        "    try:\n"
        "        __import__(name)\n"
        "    except ModuleNotFoundError:\n"
        "        print('no')\n"
    )
    assert out.split() == ["no"] * 3


def test_too_late_or_switched_off_changes_nothing() -> None:
    out = run(
        "import sys, types\n"
        "from bot.brain.without_tensorflow import install, active\n"
        "print(install(enabled=False), active())\n"
        "sys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
        "print(install(), active())\n"
    )
    assert out.split() == ["False"] * 4


def test_a_rasa_that_does_not_fit_gets_the_real_one_back() -> None:
    out = run(
        "import sys\n"
        "from bot.brain import without_tensorflow as w\n"
        "def broken():\n"
        "    import tensorflow\n"
        "    raise AttributeError('another Rasa')\n"
        "w._refuse_components = broken\n"
        "print(w.install(), w.active(), 'tensorflow' in sys.modules)\n"
    )
    assert out.split() == ["False"] * 3
