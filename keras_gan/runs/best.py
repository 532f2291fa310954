"""The best generator of a run: kept, and training stopped when none better comes."""

import math
import os
from pathlib import Path

import keras

from keras_gan import backend, checkpoints
from keras_gan.callbacks import checks
from keras_gan.presets import Preset
from keras_gan.validation import arguments


class KeepBest(keras.callbacks.Callback):
    """Keep the networks of the epoch with the best value of a metric.

    The file holds all networks, the moving average too, and no optimizers. Epochs
    without the result, and values that are not finite, do not count.

    Args:
        path: the file, replaced whenever a better value comes.
        monitor: str, the name of the result in the logs, such as
            `"val_frechet_distance"`.
        is_larger_better: bool, whether larger values are better.
        patience: int, after how many results in a row without a better one training
            stops; None for never.

    `best`, `best_epoch` (counted from 1), `num_results` and `wait` are saved with
    checkpoints, and resumed runs go on with them.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        monitor: str,
        is_larger_better: bool = False,
        patience: int | None = None,
    ):
        super().__init__()
        self.path = Path(path)
        self.monitor = monitor
        self.is_larger_better = is_larger_better
        self.patience = patience
        self.best = 0.0
        self.best_epoch = self.num_results = self.wait = 0

    def on_epoch_end(self, epoch, logs=None):
        value = float((logs or {}).get(self.monitor, math.nan))
        if not math.isfinite(value):
            return
        self.num_results += 1
        self.wait += 1
        if self._is_better(value):
            with checks.going_on(self.path):
                self._write(epoch + 1, value)
                self.best, self.best_epoch, self.wait = value, epoch + 1, 0
        if self.patience is not None and self.wait >= self.patience:
            self.model.stop_training = True

    def _is_better(self, value):
        if self.best_epoch == 0:
            return True
        return value > self.best if self.is_larger_better else value < self.best

    def _write(self, epoch, value):
        backend.sync_state(self.model)
        arrays = checkpoints.arrays_of(self.model.network_variables())
        facts = {"epoch": epoch, "monitor": self.monitor, "value": value}
        checkpoints.write(self.path, arrays, facts)


def restore(path: str | os.PathLike, model: keras.Model) -> dict:
    """Give a model the networks that `KeepBest` kept.

    Args:
        path: the file.
        model: the model of the run.

    Returns:
        A dict: `epoch`, `monitor` and `value`; empty if there is no file, and then the
        model stays as it is.
    """
    path = Path(path)
    if not path.is_file():
        return {}
    arrays, facts = checkpoints.read(path)
    checkpoints.assign(model.network_variables(), arrays, path)
    return facts


def describe(path: str | os.PathLike, rows: list[dict]) -> dict:
    """Return how the best generator was chosen, as what JSON can hold.

    Args:
        path: the file that `KeepBest` wrote.
        rows: those of the log of the run.

    Returns:
        A dict: `epoch`, `monitor`, `value`; `num_results`, among how many it was
        chosen; and `last_epoch`, the last one that was trained. Empty if there is no
        file.
    """
    if not Path(path).is_file():
        return {}
    _, facts = checkpoints.read(path)
    num_results = sum(facts["monitor"] in row for row in rows)
    last = rows[-1]["epoch"] if rows else facts["epoch"]
    return {**facts, "num_results": num_results, "last_epoch": last}


def sentence(kept: dict) -> str:
    """Return in words what `describe` returned."""
    name = kept["monitor"].removeprefix("val_").replace("_", " ")
    return (
        f"The generator of epoch {kept['epoch']} of {kept['last_epoch']} was kept, the "
        f"best of {kept['num_results']} by the {name} ({kept['value']:.4g} then). The "
        "values here are of other generated images, against the same real ones."
    )


def check(preset: Preset, settings: dict) -> None:
    """Check `keep_best` and `patience` before training.

    Args:
        preset: the preset of the run.
        settings: its settings.

    Raises:
        ValueError: if the preset does not measure what is to be watched, or there is
            patience without anything to watch.
    """
    keep, patience = settings["keep_best"], settings["patience"]
    if keep is None:
        if patience is not None:
            raise ValueError(
                f"`patience={patience}` counts evaluations without a better generator: "
                "say by which metric, as in `--keep-best frechet_distance`."
            )
        return
    if patience is not None:
        arguments.integer("patience", patience)
    names = directions(preset)
    if keep not in names:
        has = f"measures {', '.join(names)}" if names else "measures nothing"
        raise ValueError(
            f"The best generator cannot be chosen by {keep!r}: the preset "
            f"{preset.name!r} {has} on these data. Pass one of its metrics, or leave "
            "out --keep-best."
        )


def directions(preset: Preset) -> dict[str, str]:
    """Return which values are better, by the results of a preset's metrics.

    Args:
        preset: the preset of the run.

    Returns:
        A dict from the names of results to `"min"` or `"max"`.
    """
    found = {}
    for metric in preset.make_metrics():
        found |= metric.result_directions()
    return found
