"""Measuring while and after training."""

import keras

from keras_gan import metrics as metrics_module
from keras_gan.runs import settings


class Evaluation(keras.callbacks.Callback):
    """Measure now and then, and at the end; results join the epoch's, as `val_...`.

    The last results are in a JSON file. Training takes the same course with this
    callback as without.

    Args:
        metrics: list from `keras_gan.metrics`.
        real: the images to compare with, such as a test split.
        path: the JSON file.
        every: int, the number of epochs from one measurement to the next; None to
            measure at the end only.
        num_images: int, how many images to generate.
    """

    def __init__(self, metrics, real, path, every=None, num_images=10_000):
        super().__init__()
        self.measures = metrics
        self.real = real
        self.path = path
        self.every = every
        self.num_images = num_images

    def on_epoch_end(self, epoch, logs=None):
        is_last = epoch + 1 == self.params["epochs"]
        if is_last or (self.every and (epoch + 1) % self.every == 0):
            logs.update({f"val_{k}": v for k, v in self._measure(epoch + 1).items()})

    def _measure(self, epoch):
        facts = measure(self.measures, self.real, self.model, self.num_images)
        settings.write(self.path, {"epoch": epoch, **facts})
        return facts["metrics"]


def measure(metrics, real, gan, num_images=10_000, seed=0, verbose=0):
    """Measure a generator, and say what was measured.

    Args:
        metrics: list from `keras_gan.metrics`.
        real: real images, as for `keras_gan.metrics.measure`.
        gan: the model.
        num_images: int, how many images to generate.
        seed: int, which.
        verbose: 0 or 1.

    Returns:
        A dict that JSON can hold: `metrics`, `described`, a line for each metric,
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
