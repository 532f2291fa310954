"""ADA: augmentation that adapts to the overfitting of the discriminator."""

from collections.abc import Iterable

import keras
from keras import ops

from keras_gan._typing import Config, Tensor
from keras_gan.augment.pipeline import RandomAugment


@keras.saving.register_keras_serializable(package="keras_gan")
class AdaptiveAugment(RandomAugment):
    """Augment more while the discriminator overfits, and less while it does not.

    The more a discriminator has memorised the training images, the more of them get
    positive logits. Therefore the mean sign of its logits on real images is
    compared with a target at every `interval`-th of its steps:

        probability += sign(E[sign(logit)] - target) * num_images / ramp_images,

    clipped to [0, 1]. The mean is over the `num_images` images since the last
    adjustment. The probability and the mean are variables and are saved with the
    model.

    Args:
        target: float in (-1, 1), the desired mean sign.
        ramp_images: int, the number of training IMAGES in which the probability
            can go from 0 to 1. The default is the paper's, for runs of 25 million
            images. Choose it far shorter than your own run.
        interval: int, the number of discriminator steps between adjustments. A step
            over several parts of a batch, with accumulated gradients, is one step.
        probability: float in [0, 1], the initial probability.
        operations: as in `RandomAugment`.
        strengths: as in `RandomAugment`.
        interpolation: as in `RandomAugment`.
        name: str.

    Example:

    ```python
    augment = keras_gan.augment.AdaptiveAugment(ramp_images=100_000)
    augment.update(real_logits=keras.ops.ones((64, 1)), num_images=64)
    float(augment.probability)
    ```

    Karras et al. 2020, "Training Generative Adversarial Networks with Limited
    Data", arXiv:2006.06676.
    """

    def __init__(
        self,
        target: float = 0.6,
        ramp_images: int = 500_000,
        interval: int = 4,
        probability: float = 0.0,
        operations: Iterable[str] | dict[str, float] = ("blit", "geometry", "color"),
        strengths: dict[str, float] | None = None,
        interpolation: str = "bilinear",
        name: str | None = None,
    ) -> None:
        super().__init__(probability, operations, strengths, interpolation, name)
        if not -1 < target < 1:
            raise ValueError(
                "`target` is a mean of signs and must lie between -1 and 1. "
                f"Received: {target}"
            )
        if ramp_images <= 0:
            raise ValueError(
                "`ramp_images` counts training images and must be positive. "
                f"Received: {ramp_images}"
            )
        if int(interval) != interval or interval < 1:
            raise ValueError(
                "`interval` counts discriminator steps and must be an integer of at "
                f"least 1. Received: {interval}"
            )
        self.target = target
        self.ramp_images = ramp_images
        self.interval = int(interval)
        self.mean_sign = self._counter("mean_sign")
        self.num_images = self._counter("num_images")
        self.num_updates = self._counter("num_steps")  # as in older files

    def update(self, real_logits: Tensor, num_images: Tensor) -> None:
        # The counts start at zero after each adjustment.
        num_images = ops.cast(num_images, "float32")
        total = self.num_images.value + num_images
        logits = ops.nan_to_num(ops.cast(real_logits, "float32"))
        sign = ops.mean(ops.sign(logits))
        mean = self.mean_sign.value
        mean = mean + (sign - mean) * num_images / total
        num_updates = self.num_updates.value + 1.0

        is_due = num_updates >= self.interval * self.updates_per_step
        move = ops.sign(mean - self.target) * total / self.ramp_images
        moved = ops.clip(self.probability.value + move, 0.0, 1.0)
        self.probability.assign(ops.where(is_due, moved, self.probability.value))
        self.mean_sign.assign(mean)
        self.num_images.assign(ops.where(is_due, 0.0, total))
        self.num_updates.assign(ops.where(is_due, 0.0, num_updates))

    def _counter(self, name):
        return self.add_weight(
            shape=(), initializer="zeros", trainable=False, name=name
        )

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "target": self.target,
            "ramp_images": self.ramp_images,
            "interval": self.interval,
        }
