"""Where a run is, what it has shown, and what its callbacks have counted."""

import importlib.metadata
import inspect
import numbers
import platform

import keras
import numpy as np

from keras_gan.datasets import SeededDataset

BETTER_WHEN_LARGER = (
    "score",
    "precision",
    "recall",
    "coverage",
    "density",
    "accuracy",
)


class RunState:
    """What a checkpoint says beside the variables, as facts that JSON can hold.

    Args:
        data: what the model is trained on.
        epoch: int, where a fresh run begins.
    """

    def __init__(self, data, epoch=0):
        self.epoch = epoch
        self.step = 0
        self.num_steps = 0
        self.best = None
        self.history = {"epoch": [], "history": {}}
        self.counters = {}
        self.data = _describe(data)
        self._callbacks = {}
        self._first = {}

    def load(self, facts, path):
        """Take over the facts of a checkpoint.

        Raises:
            ValueError: if it was written on other data.
        """
        if facts["data"] != self.data:
            raise ValueError(
                f"The checkpoint {str(path)!r} was written on other data: "
                f"{facts['data']} then, {self.data} now, so its place in the data "
                "means nothing here. Pass the same data, or another folder; "
                "`restore` of the model takes over the checkpoint's weights alone."
            )
        for name in ("epoch", "step", "num_steps", "best", "history", "counters"):
            setattr(self, name, facts[name])

    def facts(self):
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
                "keras_gan": importlib.metadata.version("keras-gan"),
                "keras": keras.version(),
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "backend": keras.backend.backend(),
        }

    def begin_epoch(self, epoch):
        if epoch != self.epoch:
            self.epoch, self.step = epoch, 0

    def advance(self, step, steps_per_epoch):
        """Note that so many steps of this epoch have been taken."""
        step = min(step, steps_per_epoch or step)
        self.num_steps += step - self.step
        self.step = step

    def end_epoch(self, epoch, logs):
        self.history["epoch"].append(epoch)
        for name, value in logs.items():
            self.history["history"].setdefault(name, []).append(float(value))
        self.epoch, self.step = epoch + 1, 0

    def hand_history(self, history):
        """Give Keras' `History` the epochs that other processes trained."""
        history.epoch = list(self.history["epoch"])
        history.history = {k: list(v) for k, v in self.history["history"].items()}

    def watch(self, callbacks):
        """Give callbacks their counters back, and follow those from here on.

        A counter is a number among the public attributes, such as the `wait` and
        `best` of `keras.callbacks.EarlyStopping`, that has changed in training.
        What its constructor takes, such as `patience`, stays as it is set now.
        """
        kinds = [type(callback).__name__ for callback in callbacks]
        names = [f"{kind} {kinds[:i].count(kind)}" for i, kind in enumerate(kinds)]
        self._callbacks = dict(zip(names, callbacks, strict=True))
        self._first = {name: _numbers(c) for name, c in self._callbacks.items()}
        for name, callback in self._callbacks.items():
            vars(callback).update(self.counters.get(name, {}))

    def _count(self):
        return {
            name: {
                attribute: value
                for attribute, value in _numbers(callback).items()
                if value != self._first[name].get(attribute)
            }
            for name, callback in self._callbacks.items()
        }


def larger_is_better(name):
    """Whether the metric of this name is good where it is large, as accuracy is."""
    return any(word in name for word in BETTER_WHEN_LARGER)


def _numbers(callback):
    settings = inspect.signature(type(callback).__init__).parameters
    return {
        attribute: value.item() if isinstance(value, np.generic) else value
        for attribute, value in vars(callback).items()
        if isinstance(value, numbers.Real | np.bool_)
        and attribute not in settings
        and not attribute.startswith("_")
    }


def _describe(data):
    if isinstance(data, SeededDataset):
        return {"steps_per_epoch": len(data), "seed": data.seed}
    return {"kind": type(data).__name__}
