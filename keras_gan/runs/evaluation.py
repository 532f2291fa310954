"""Evaluation during and after training."""

import os
import warnings
from collections.abc import Sequence
from typing import Any

import keras

from keras_gan import files
from keras_gan import metrics as metrics_module
from keras_gan.callbacks import checks


class Evaluation(keras.callbacks.Callback):
    """Evaluate every few epochs; the last epoch is left to `run`, as a rule.

    Results are added to the epoch's logs as `val_...`, and the last ones are written
    to a JSON file. Evaluation does not change the course of training: where it fails,
    a warning says so.

    Args:
        metrics: list from `keras_gan.metrics`.
        real: the images to compare with, such as a test split.
        path: the JSON file.
        every: int, the number of epochs between evaluations; None for none.
        num_images: int, how many images to generate.
        last_too: bool, whether to evaluate after the last epoch too.
    """

    def __init__(
        self,
        metrics: Sequence,
        real,
        path: str | os.PathLike,
        every: int | None = None,
        num_images: int = 10_000,
        last_too: bool = False,
    ):
        super().__init__()
        self.metrics = metrics
        self.real = real
        self.path = path
        self.every = every
        self.num_images = num_images
        self.last_too = last_too

    def on_epoch_end(self, epoch, logs=None):
        is_last = epoch + 1 == self.params["epochs"]
        is_due = (
            self.last_too if is_last else self.every and not (epoch + 1) % self.every
        )
        if not is_due:
            return
        try:
            logs.update(self.run(self.model, epoch + 1))
        except (OSError, ValueError) as error:
            warnings.warn(
                f"The evaluation after epoch {epoch + 1} failed: {error} Training "
                "goes on.",
                stacklevel=2,
            )

    def run(
        self, gan: Any, epoch: int, kept: dict | None = None, seed: int = 0
    ) -> dict[str, float]:
        """Evaluate now, and write the results.

        Args:
            gan: the model.
            epoch: int, the number of epochs trained.
            kept: dict, how this generator was chosen among several; None if it is the
                last one.
            seed: int, which images are generated.

        Returns:
            The results, as `val_...`.
        """
        facts = measure(self.metrics, self.real, gan, self.num_images, seed)
        chosen = {} if kept is None else {"kept": kept}
        with checks.going_on(self.path):
            files.write_json(self.path, {"epoch": epoch, **facts, **chosen})
        return {f"val_{name}": value for name, value in facts["metrics"].items()}


def read(path: str | os.PathLike) -> dict[str, Any]:
    """Return the results in a JSON file: `epoch`, `metrics`, `described` and `kept`.

    `kept` says how the generator was chosen; it is empty for the last one of a run.

    Empty if there is no file, and, with a warning, if it is damaged.
    """
    if not os.path.isfile(path):
        return {}
    try:
        facts = files.read_json(path)
        return {
            "epoch": int(facts["epoch"]),
            "metrics": {k: float(value) for k, value in facts["metrics"].items()},
            "described": [str(line) for line in facts["described"]],
            "kept": dict(facts.get("kept") or {}),
        }
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        warnings.warn(
            f"The results in {str(path)!r} are damaged, and not shown: {error} "
            "`keras-gan evaluate` measures again.",
            stacklevel=2,
        )
        return {}


def measure(
    metrics: Sequence,
    real,
    gan,
    num_images: int = 10_000,
    seed: int = 0,
    verbose: int | str = 0,
) -> dict:
    """Evaluate a generator, and describe the evaluation.

    Args:
        metrics: list from `keras_gan.metrics`.
        real: real images, as for `keras_gan.metrics.measure`.
        gan: the model.
        num_images: int, how many images to generate.
        seed: int, which images.
        verbose: 0, 1 or `"auto"`.

    Returns:
        A dict that JSON can hold: `metrics`, `described` (a line for each metric),
        `num_images` and `seed`.
    """
    has_own = hasattr(gan, "sampler_for_metrics")
    sampler = gan.sampler_for_metrics() if has_own else gan
    results = metrics_module.measure(
        metrics, real, sampler, num_images=num_images, seed=seed, verbose=verbose
    )
    return {
        "metrics": {name: float(value) for name, value in results.items()},
        "described": [metric.describe() for metric in metrics],
        "num_images": num_images,
        "seed": seed,
    }
