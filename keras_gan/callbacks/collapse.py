"""A warning when a game has been lost: nothing is learned from there on."""

import warnings

import keras
import numpy as np

from keras_gan.validation import arguments

SURE = 0.99  # a mean probability from which on a player no longer doubts

CURE = (
    "Try `discriminator_penalties=[keras_gan.penalties.R1(1.0)]`, lower the "
    "discriminator's learning rate, or use `loss='relativistic_pairing'`; with little "
    "data, `augment=keras_gan.augment.DiffAugment()`."
)


class CollapseWarning(keras.callbacks.Callback):
    """Warn when the scores are saturated, or all generated images look alike.

    At the end of each epoch it looks at two things. If `real_score` and `fake_score`
    have been near 1 and 0 for some epochs, the discriminator is sure of everything,
    and the generator gets next to no gradient. If a few generated images hardly
    differ from each other, the generator has collapsed to one of them. Each is told
    once, with what to try.

    It stops nothing, and costs one small batch of the generator in an epoch.

    Args:
        patience: int, for how many epochs in a row the scores must be saturated.
        num_images: int, how many images to compare.
        min_std: float, the least standard deviation between images, as a mean over
            pixels, on the scale from -1 to 1. That of Fashion-MNIST's test images
            is 0.55.

    Example:

    ```python
    gan.fit(dataset, epochs=20, callbacks=[keras_gan.callbacks.CollapseWarning()])
    ```

    On both failures: Goodfellow 2016, "NIPS 2016 Tutorial: Generative Adversarial
    Networks", arXiv:1701.00160.
    """

    def __init__(self, patience=3, num_images=64, min_std=0.02):
        super().__init__()
        self.patience = arguments.integer("patience", patience)
        self.num_images = arguments.integer("num_images", num_images)
        if self.num_images < 2:
            raise ValueError(
                "`num_images` must be at least 2, to be compared with each other. "
                f"Received: {num_images}"
            )
        if min_std < 0:
            raise ValueError(f"`min_std` must not be negative. Received: {min_std}")
        self.min_std = min_std

    def on_train_begin(self, logs=None):
        self.num_saturated = 0
        self.told = set()

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        gap = logs.get("real_score", 0.5) - logs.get("fake_score", 0.5)
        self.num_saturated = self.num_saturated + 1 if abs(gap) > 2 * SURE - 1 else 0
        if self.num_saturated >= self.patience:
            self.tell(
                "scores",
                f"For {self.num_saturated} epochs the discriminator has been sure of "
                f"everything: real_score {logs['real_score']:.3f}, fake_score "
                f"{logs['fake_score']:.3f}. The generator learns next to nothing.",
            )
        images = self.model.generate(self.num_images, seed=0)
        std = float(np.mean(np.std(images, axis=0)))
        if std < self.min_std:
            self.tell(
                "images",
                f"The generated images hardly differ: their standard deviation is "
                f"{std:.4f} at epoch {epoch + 1}. The generator has collapsed.",
            )

    def tell(self, what, message):
        """Warn of this once in a run."""
        if what not in self.told:
            self.told.add(what)
            warnings.warn(f"{message} {CURE}", stacklevel=2)
