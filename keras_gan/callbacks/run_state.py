"""State of a run beside its variables: position, history, callback counters."""

import inspect
import numbers
import platform
from typing import Any

import keras
import numpy as np

from keras_gan import checkpoints
from keras_gan._typing import PathLike
from keras_gan._version import __version__
from keras_gan.datasets import SeededDataset, fingerprints
from keras_gan.datasets.inputs import is_array
from keras_gan.pixels import as_array

BETTER_WHEN_LARGER = (
    "score",
    "precision",
    "recall",
    "coverage",
    "density",
    "accuracy",
    "elbo",
    "reconstruction",
)


class RunState:
    """State of a run beside its variables, as values that JSON can hold.

    Args:
        data: the training data.
        epoch: int, the first epoch of a new run.
    """

    def __init__(self, data: Any, epoch: int = 0) -> None:
        self.epoch = epoch
        self.step = 0
        self.num_steps = 0
        self.best = None
        self.history = {"epoch": [], "history": {}}
        self.counters = {}
        self.data = _describe(data)
        self._callbacks = {}
        self._initial = {}

    def load(self, facts: dict[str, Any], path: PathLike) -> None:
        """Load the state from a checkpoint.

        Args:
            facts: dict, what `facts` returned when the checkpoint was written.
            path: the path of the checkpoint, for the error.

        Raises:
            ValueError: if it was written on other data, or holds no such state.
        """
        _check_facts(facts, path)
        then, now = facts["data"], self.data
        if not {"fingerprint"} <= then.keys() & now.keys():
            # Checkpoints of earlier versions have none.
            then, now = (_without_fingerprint(each) for each in (then, now))
        if then != now:
            raise ValueError(
                f"The checkpoint {str(path)!r} was written on other data: {then} then, "
                f"{now} now, so its position in the data has no meaning here. Pass the "
                "same data, or another folder; `restore` of the model loads only the "
                "checkpoint's weights."
            )
        for name in ("epoch", "step", "num_steps", "best", "history", "counters"):
            setattr(self, name, facts[name])

    def facts(self) -> dict[str, Any]:
        """Return the state as a dict that JSON can hold."""
        return {
            "format": 1,
            "epoch": self.epoch,
            "step": self.step,
            "num_steps": self.num_steps,
            "best": self.best,
            "history": self.history,
            "counters": self._count(),
            "data": self.data,
            "versions": {
                "keras_gan": __version__,
                "keras": keras.version(),
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "backend": keras.backend.backend(),
        }

    def begin_epoch(self, epoch: int) -> None:
        """Record the beginning of an epoch."""
        if epoch != self.epoch:
            self.epoch, self.step = epoch, 0

    def advance(self, step: int, steps_per_epoch: int | None) -> None:
        """Record the number of steps of this epoch that have been taken."""
        step = min(step, steps_per_epoch or step)
        self.num_steps += step - self.step
        self.step = step

    def end_epoch(self, epoch: int, logs: dict[str, Any]) -> None:
        """Record the logs of an epoch that is complete."""
        self.history["epoch"].append(epoch)
        for name, value in logs.items():
            self.history["history"].setdefault(name, []).append(float(value))
        self.epoch, self.step = epoch + 1, 0

    def restore_history(self, history: keras.callbacks.History) -> None:
        """Add the epochs of earlier processes to Keras' `History`."""
        history.epoch = list(self.history["epoch"])
        history.history = {k: list(v) for k, v in self.history["history"].items()}

    def track_counters(self, callbacks: list[keras.callbacks.Callback]) -> None:
        """Restore the counters of callbacks, and track them from now on.

        A counter is a public attribute that is a number and has changed in training,
        such as `wait` and `best` of `keras.callbacks.EarlyStopping`. Arguments of the
        constructor, such as `patience`, keep their present values.
        """
        kinds = [type(callback).__name__ for callback in callbacks]
        names = [f"{kind} {kinds[:i].count(kind)}" for i, kind in enumerate(kinds)]
        self._callbacks = dict(zip(names, callbacks, strict=True))
        self._initial = {name: _numbers(c) for name, c in self._callbacks.items()}
        for name, callback in self._callbacks.items():
            counters = self.counters.get(name, {})
            for attribute in counters:
                _check_counter(callback, attribute)
            vars(callback).update(counters)

    def _count(self):
        return {
            name: {
                attribute: value
                for attribute, value in _numbers(callback).items()
                if value != self._initial[name].get(attribute)
            }
            for name, callback in self._callbacks.items()
        }


def better(name: str) -> str:
    """Return `"max"` or `"min"`: which values of a result of this name are better."""
    return "max" if any(word in name for word in BETTER_WHEN_LARGER) else "min"


def _check_facts(facts, path):
    """Check the types of what a checkpoint says, before it is used."""
    for name, is_one in _KINDS.items():
        if name not in facts or not is_one(facts[name]):
            said = repr(facts.get(name))
            found = f"its `{name}` cannot be {said[:80]}"
            raise checkpoints.DamagedCheckpoint(path, found)


def _check_counter(callback, attribute):
    """Refuse to set what is no counter of a callback, such as a path or a method."""
    present = inspect.getattr_static(callback, attribute, None)
    is_counter = present is None or _is_number(present)
    settings = inspect.signature(type(callback).__init__).parameters
    if attribute.startswith("_") or attribute in settings or not is_counter:
        raise ValueError(
            f"The checkpoint would set `{attribute}` of {type(callback).__name__}, "
            "which is not one of its counters. It was not written by this training: "
            "remove it, or pass another folder."
        )


def _is_number(value):
    return isinstance(value, numbers.Real | np.bool_)


def _is_count(value):
    return type(value) is int and value >= 0


def _is_dict_of(is_one):
    return lambda value: isinstance(value, dict) and all(map(is_one, value.values()))


def _is_list_of(is_one):
    return lambda value: isinstance(value, list) and all(map(is_one, value))


def _is_history(value):
    return (
        _is_dict_of(lambda _: True)(value)
        and set(value) == {"epoch", "history"}
        and _is_list_of(_is_count)(value["epoch"])
        and _is_dict_of(_is_list_of(_is_number))(value["history"])
    )


_KINDS = {
    "epoch": _is_count,
    "step": _is_count,
    "num_steps": _is_count,
    "best": lambda value: value is None or _is_number(value),
    "history": _is_history,
    "counters": _is_dict_of(_is_dict_of(_is_number)),
    "data": lambda value: isinstance(value, dict),
}


def _numbers(callback):
    settings = inspect.signature(type(callback).__init__).parameters
    return {
        attribute: value.item() if isinstance(value, np.generic) else value
        for attribute, value in vars(callback).items()
        if _is_number(value)
        and attribute not in settings
        and not attribute.startswith("_")
    }


def _without_fingerprint(facts):
    return {name: value for name, value in facts.items() if name != "fingerprint"}


def _describe(data):
    if isinstance(data, SeededDataset):
        facts = {"steps_per_epoch": len(data), "seed": data.seed}
        return facts | {"fingerprint": data.fingerprint()}
    facts = {"kind": type(data).__name__}
    if is_array(data):
        facts["fingerprint"] = fingerprints.of_array(as_array(data))
    return facts
