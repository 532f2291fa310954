"""Augmentation whose probability follows a schedule."""

from collections.abc import Iterable

import keras
from keras import ops

from keras_gan._typing import Config, Tensor
from keras_gan.augment.pipeline import RandomAugment


@keras.saving.register_keras_serializable(package="keras_gan")
class ScheduledAugment(RandomAugment):
    """Random augmentation whose probability follows a schedule.

    The changes are those of `RandomAugment`.

    Args:
        schedule: `keras.optimizers.schedules.LearningRateSchedule`, from the
            number of real IMAGES that the discriminator has seen to the
            probability.
        operations: as in `RandomAugment`.
        strengths: as in `RandomAugment`.
        interpolation: as in `RandomAugment`.
        name: str.

    Example:

    ```python
    rising = keras.optimizers.schedules.PolynomialDecay(
        initial_learning_rate=0.0, decay_steps=200_000, end_learning_rate=0.3
    )
    augment = keras_gan.augment.ScheduledAugment(rising)
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN
    Baseline", arXiv:2501.05441, whose code raises the probability in this way.
    """

    def __init__(
        self,
        schedule: keras.optimizers.schedules.LearningRateSchedule,
        operations: Iterable[str] | dict[str, float] = ("blit", "geometry", "color"),
        strengths: dict[str, float] | None = None,
        interpolation: str = "bilinear",
        name: str | None = None,
    ) -> None:
        if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError(
                "`schedule` must be one of `keras.optimizers.schedules`. For a "
                "constant probability, use `RandomAugment`. Received: "
                f"{schedule!r}"
            )
        super().__init__(float(schedule(0)), operations, strengths, interpolation, name)
        self.schedule = schedule
        self.num_images = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="num_images"
        )

    def update(self, real_logits: Tensor, num_images: Tensor) -> None:
        self.num_images.assign_add(ops.cast(num_images, "float32"))
        probability = ops.cast(self.schedule(self.num_images.value), "float32")
        self.probability.assign(ops.clip(probability, 0.0, 1.0))

    def get_config(self) -> Config:
        config = super().get_config()
        del config["probability"]
        schedule = keras.optimizers.schedules.serialize(self.schedule)
        return {**config, "schedule": schedule}

    @classmethod
    def from_config(cls, config: Config) -> "ScheduledAugment":
        schedule = keras.optimizers.schedules.deserialize(config["schedule"])
        return cls(**{**config, "schedule": schedule})
