"""Runs Rasa without TensorFlow, for a model that needs none of it: less memory, a faster start.

Responsible for: inert stand-ins for the modules that Rasa 3.6 imports whether a model uses them or not, and a
clear refusal when a model does use them. Not here: choosing to do so (settings, the command line).
Who calls it: the brain's entry points, before anything imports Rasa.
"""

from __future__ import annotations

import functools
import importlib
import logging
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from bot.errors import StartupError

log = logging.getLogger(__name__)

# Exactly what Rasa 3.6.21 imports at the top of a module. Everything else below these roots is reported as not
# installed, so that libraries which merely ask whether TensorFlow is there (thinc, scipy) hear "no".
IMPORTED_BY_RASA = frozenset(
    {
        "tensorflow",
        "tensorflow.keras",
        "tensorflow.keras.backend",
        "tensorflow.keras.callbacks",
        "tensorflow.keras.utils",
        "tensorflow.python",
        "tensorflow.python.eager",
        "tensorflow.python.eager.wrap_function",
        "tensorflow.python.types",
        "tensorflow.python.types.core",
        "tensorflow.types",
        "tensorflow.types.experimental",
        "keras",
        "keras.utils",
        "keras.utils.control_flow_util",
        "keras.utils.tf_utils",
    }
)
ROOTS = frozenset(
    {"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "tensorflow_probability", "jax"}
)


class NeedsTensorFlow(StartupError):
    """This model uses a component that needs TensorFlow; start the brain with the real TensorFlow instead."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs TensorFlow, and the brain runs without it; switch the stand-ins off to use it")


class _InertType(type):
    """A class that can be named, subclassed and used in annotations, and can do nothing else."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise NeedsTensorFlow(f"{cls.__module__}.{cls.__qualname__}")


class _InertModule(ModuleType):
    """A module in which every name is an inert class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert(self.__name__, name)


@functools.cache
def _inert(owner: str, name: str) -> Any:
    return _InertType(name, (), {"__module__": owner})


class _StandIns(MetaPathFinder, Loader):
    """Answers imports of TensorFlow and its family."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in ROOTS:
            return None
        if fullname not in IMPORTED_BY_RASA:
            raise ModuleNotFoundError(f"{fullname} is not there: the brain runs without TensorFlow", name=fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """An inert module has no code of its own."""


def install(enabled: bool = True) -> bool:
    """Let Rasa run without TensorFlow, when it can.

    Call it once, before Rasa is imported. Promises: after True, Rasa is imported, TensorFlow is not, and every
    stock component that needs TensorFlow raises `NeedsTensorFlow` when it is made or loaded. After False nothing is
    changed and the real TensorFlow will be used; the log says why.
    """
    if not enabled:
        log.warning("TensorFlow stand-ins are switched off: the brain starts slower and takes more memory")
        return False
    if active():
        return True
    if loaded := sorted(_modules_of({"tensorflow", "keras", "rasa"})):
        log.warning("TensorFlow stand-ins come too late, %s is imported already: using the real TensorFlow", loaded[0])
        return False
    return _try()


def active() -> bool:
    """True while the stand-ins are in place."""
    return any(isinstance(finder, _StandIns) for finder in sys.meta_path)


def _try() -> bool:
    sys.meta_path.insert(0, _StandIns())
    try:
        count = _refuse_components()
    except Exception:
        _undo()
        log.warning("TensorFlow stand-ins do not fit this Rasa: using the real TensorFlow", exc_info=True)
        return False
    log.warning("The brain runs WITHOUT TensorFlow: %d stock components that need it are switched off", count)
    return True


def _refuse_components() -> int:
    """Make the stock components that need TensorFlow refuse at once, where Rasa would log it and go on."""
    components = importlib.import_module("rasa.engine.recipes.default_components").DEFAULT_COMPONENTS
    importlib.import_module("rasa.core.agent")
    needing = [component for component in components if _needs_tensorflow(component)]
    for component in needing:
        for method in ("create", "load"):
            setattr(component, method, classmethod(_refusal(getattr(component, method).__func__, component.__name__)))
    return len(needing)


def _needs_tensorflow(component: type) -> bool:
    names = vars(sys.modules[component.__module__]).values()
    return any(isinstance(value, (_InertModule, _InertType)) for value in names)


def _refusal(method: Any, name: str) -> Any:
    # wraps keeps the annotations that Rasa checks before it builds the graph
    @functools.wraps(method)
    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise NeedsTensorFlow(name)

    return refuse


def _undo() -> None:
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _StandIns)]
    for name in _modules_of(ROOTS | {"rasa"}):
        del sys.modules[name]


def _modules_of(roots: frozenset[str] | set[str]) -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in roots]
