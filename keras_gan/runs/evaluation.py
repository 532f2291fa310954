"""Evaluation during and after training."""

import os
from collections.abc import Sequence

import keras

from keras_gan import files
from keras_gan import metrics as metrics_module


class Evaluation(keras.callbacks.Callback):
    """Evaluate every few epochs and at the end.

    Results are added to the epoch's logs as `val_...`, and the last ones are written
    to a JSON file. Evaluation does not change the course of training.

    Args:
        metrics: list from `keras_gan.metrics`.
        real: the images to compare with, such as a test split.
        path: the JSON file.
        every: int, the number of epochs between evaluations; None to evaluate at the
            end only.
        num_images: int, how many images to generate.
    """

    def __init__(
        self,
        metrics: Sequence,
        real,
        path: str | os.PathLike,
        every: int | None = None,
        num_images: int = 10_000,
    ):
        super().__init__()
        self.metrics = metrics
        self.real = real
        self.path = path
        self.every = every
        self.num_images = num_images

    def on_epoch_end(self, epoch, logs=None):
        is_last = epoch + 1 == self.params["epochs"]
        if is_last or (self.every and (epoch + 1) % self.every == 0):
            facts = measure(self.metrics, self.real, self.model, self.num_images)
            files.write_json(self.path, {"epoch": epoch + 1, **facts})
            logs.update({f"val_{k}": v for k, v in facts["metrics"].items()})


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
    results = metrics_module.measure(
        metrics, real, gan, num_images=num_images, seed=seed, verbose=verbose
    )
    return {
        "metrics": {name: float(value) for name, value in results.items()},
        "described": [metric.describe() for metric in metrics],
        "num_images": num_images,
        "seed": seed,
    }
