"""The columns of a log, which every epoch has."""

from collections.abc import Iterable

import keras

from keras_gan._typing import Logs
from keras_gan.callbacks.checkpoint import Checkpoint


class FillResults(keras.callbacks.Callback):
    """Add the results of validation that an epoch lacks to its logs, as NaN.

    With `validation_freq` only some epochs have them. A `keras.callbacks.CSVLogger`
    takes its columns from the first epoch, and the lists in a `History` would not say
    which epoch a value belongs to.

    Args:
        names: names of results. Others that an epoch had are remembered.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._names = list(names)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        for name in self._names:
            logs.setdefault(name, float("nan"))
        seen = [name for name in logs if name.startswith("val_")]
        self._names = list(dict.fromkeys([*self._names, *seen]))


def with_columns(
    callbacks: list[keras.callbacks.Callback], names: Iterable[str]
) -> list[keras.callbacks.Callback]:
    """Return callbacks, with `FillResults` before those that record an epoch.

    Args:
        callbacks: those of a `fit`. What watches a result sees epochs without it as
            Keras passes them.
        names: the names of the results of validation.
    """
    recording = (keras.callbacks.CSVLogger, Checkpoint)
    last = [c for c in callbacks if isinstance(c, recording)]
    others = [c for c in callbacks if c not in last]
    return [*others, FillResults(names), *last]
