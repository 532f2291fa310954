"""Warning of collapse: saturated scores, or images that are all alike."""

import warnings

import keras
import numpy as np

from keras_gan._typing import Logs
from keras_gan.validation import arguments

SATURATED = 0.99  # the mean probability above which a score counts as saturated

ADVICE = (
    "Try `discriminator_penalties=[keras_gan.penalties.R1(1.0)]`, lower the "
    "discriminator's learning rate, or use `loss='relativistic_pairing'`; with little "
    "data, `augment=keras_gan.augment.DiffAugment()`."
)


class CollapseWarning(keras.callbacks.Callback):
    """Warn when the scores are saturated, or all generated images look alike.

    Two values are checked after each epoch. If `real_score` and `fake_score` have been
    near 1 and 0 for some epochs, the discriminator is certain of every image, and the
    generator gets nearly no gradient. If a few generated images hardly differ from
    each other, the generator has collapsed. Each warning is given once, with advice.

    Training is not stopped. The cost is one small batch of the generator per epoch.

    Args:
        patience: int, the number of consecutive epochs with saturated scores before
            the warning.
        num_images: int, the number of images to compare.
        min_std: float, the smallest standard deviation between images without a
            warning, as a mean over pixels, on the scale from -1 to 1. That of
            Fashion-MNIST's test images is 0.55.

    Example:

    ```python
    gan.fit(dataset, epochs=20, callbacks=[keras_gan.callbacks.CollapseWarning()])
    ```

    On both failures: Goodfellow 2016, "NIPS 2016 Tutorial: Generative Adversarial
    Networks", arXiv:1701.00160.
    """

    def __init__(
        self, patience: int = 3, num_images: int = 64, min_std: float = 0.02
    ) -> None:
        super().__init__()
        self.patience = arguments.integer("patience", patience)
        self.num_images = arguments.integer("num_images", num_images)
        if self.num_images < 2:
            raise ValueError(
                "`num_images` must be at least 2, for a comparison. "
                f"Received: {num_images}"
            )
        if min_std < 0:
            raise ValueError(f"`min_std` must not be negative. Received: {min_std}")
        self.min_std = min_std

    def on_train_begin(self, logs: Logs = None) -> None:
        self.num_saturated = 0
        self.warned = set()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs or {}
        gap = logs.get("real_score", 0.5) - logs.get("fake_score", 0.5)
        self.num_saturated = (
            self.num_saturated + 1 if abs(gap) > 2 * SATURATED - 1 else 0
        )
        if self.num_saturated >= self.patience:
            self.warn_once(
                "scores",
                f"For {self.num_saturated} epochs the discriminator has been certain "
                f"of every image: real_score {logs['real_score']:.3f}, fake_score "
                f"{logs['fake_score']:.3f}. The generator gets nearly no gradient.",
            )
        sampler = getattr(self.model, "sampler", self.model)
        images = sampler.generate(self.num_images, seed=0)
        std = float(np.mean(np.std(images, axis=0)))
        if std < self.min_std:
            self.warn_once(
                "images",
                f"The generated images hardly differ: their standard deviation is "
                f"{std:.4f} at epoch {epoch + 1}. The generator has collapsed.",
            )

    def warn_once(self, what: str, message: str) -> None:
        """Warn unless this kind of warning was given before in this run."""
        if what not in self.warned:
            self.warned.add(what)
            warnings.warn(f"{message} {ADVICE}", stacklevel=2)
