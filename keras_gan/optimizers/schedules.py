"""Settings that are a number or a schedule, a function of the step.

A schedule is any of `keras.optimizers.schedules`, for learning rates and for all
other settings of this package that can change in training.
"""

import math
import numbers
from typing import Any

import keras
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Config, Setting, Tensor


@keras.saving.register_keras_serializable(package="keras_gan")
class CosineBurnIn(keras.optimizers.schedules.LearningRateSchedule):
    """Cosine burn-in: from a start value to an end value along half a cosine.

        value = end + (start - end) (1 + cos(pi t)) / 2,
        t = min(images seen / num_images, 1).

    After `num_images` images the value stays at `end`. Early in training generated
    data are far from real data. Then large steps, a short memory and a strong penalty
    help; near the end the opposite helps. R3GAN uses this schedule for all of these:

    | setting | start | end |
    |---|---|---|
    | learning rate | 2e-4 | 5e-5 |
    | beta_2 of Adam | 0.9 | 0.99 |
    | weight of R1 and R2 | 10 times the end | by data set |
    | half-life of the average | 0 | by data set |

    Args:
        start: float, the value of the first step.
        end: float, the value from `num_images` on.
        num_images: int, the length of the burn-in, in training images.
        batch_size: int, the images in one step. With 1, `num_images` counts
            steps.

    Example:

    ```python
    rate = keras_gan.optimizers.CosineBurnIn(
        2e-4, 5e-5, num_images=2_000_000, batch_size=64
    )
    optimizer = keras.optimizers.Adam(rate, beta_1=0.0)
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN
    Baseline", arXiv:2501.05441.
    """

    def __init__(
        self, start: float, end: float, num_images: int, batch_size: int = 1
    ) -> None:
        if num_images <= 0 or batch_size <= 0:
            raise ValueError(
                "`num_images` is the length of the burn-in and `batch_size` the images "
                "in one step; both must be positive. Received: "
                f"num_images={num_images}, batch_size={batch_size}"
            )
        self.start = start
        self.end = end
        self.num_images = num_images
        self.batch_size = batch_size

    def __call__(self, step: Tensor) -> Tensor:
        step = ops.cast(step, "float32")
        progress = ops.minimum(step * (self.batch_size / self.num_images), 1.0)
        share = 0.5 * (1.0 + ops.cos(math.pi * progress))
        return self.end + (self.start - self.end) * share

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {
            "start": self.start,
            "end": self.end,
            "num_images": self.num_images,
            "batch_size": self.batch_size,
        }


@keras.saving.register_keras_serializable(package="keras_gan")
class ConstantThenLinear(keras.optimizers.schedules.LearningRateSchedule):
    """A constant value, which then goes to 0 along a line.

        value = start * min(1, (constant_images + linear_images - images seen)
                               / linear_images),

    and 0 from the end on. CycleGAN and pix2pix train so: 100 epochs each.

    Args:
        start: float, the value until `constant_images` were seen.
        constant_images: int, the length of the constant part, in training images.
        linear_images: int, the length of the way to 0.
        batch_size: int, the images in one step. With 1, both lengths count steps.

    Example:

    ```python
    rate = keras_gan.optimizers.ConstantThenLinear(2e-4, 100 * 1_000, 100 * 1_000)
    optimizer = keras.optimizers.Adam(rate, beta_1=0.5)
    ```

    Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks", arXiv:1703.10593.
    """

    def __init__(
        self,
        start: float,
        constant_images: int,
        linear_images: int,
        batch_size: int = 1,
    ) -> None:
        if constant_images < 0 or linear_images <= 0 or batch_size <= 0:
            raise ValueError(
                "`constant_images` must not be negative, and `linear_images` and "
                "`batch_size` must be positive. Received: constant_images="
                f"{constant_images}, linear_images={linear_images}, "
                f"batch_size={batch_size}"
            )
        self.start = start
        self.constant_images = constant_images
        self.linear_images = linear_images
        self.batch_size = batch_size

    def __call__(self, step: Tensor) -> Tensor:
        # In steps, for whole numbers of which float32 is exact.
        constant = self.constant_images / self.batch_size
        linear = self.linear_images / self.batch_size
        taken = ops.maximum(ops.cast(step, "float32") - constant, 0.0)
        return self.start * ops.maximum(1.0 - taken / linear, 0.0)

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {
            "start": self.start,
            "constant_images": self.constant_images,
            "linear_images": self.linear_images,
            "batch_size": self.batch_size,
        }


def value_at(setting: Setting, step: Tensor) -> Tensor:
    """Return the value of a number or a schedule at a step.

    Args:
        setting: float, or a function of the step, such as any
            `keras.optimizers.schedules.LearningRateSchedule`.
        step: int, the number of steps taken.

    Returns:
        A float, or a float tensor from a schedule.

    Example:

    ```python
    keras_gan.optimizers.value_at(0.5, step=100)  # 0.5
    ```
    """
    return setting(step) if callable(setting) else setting


def check_setting(name: str, setting: Any) -> Setting:
    """Return a setting that is a nonnegative number or a schedule.

    Args:
        name: str, the name of the setting in an error.
        setting: float, or a function of the step.

    Returns:
        The setting.

    Raises:
        ValueError: if it is neither, or if it is negative or infinite. Of a schedule
            the first value is checked.
    """
    is_number = isinstance(setting, numbers.Real) and not isinstance(setting, bool)
    if not is_number and (not callable(setting) or isinstance(setting, type)):
        raise ValueError(
            f"`{name}` must be a number, or a schedule such as "
            "`keras_gan.optimizers.CosineBurnIn(2.0, 0.2, num_images=1_000_000)`. "
            f"Received: {setting!r}"
        )
    first = float(ops.convert_to_numpy(value_at(setting, 0)))
    if not 0 <= first < math.inf:
        start = "" if is_number else " at its first step"
        raise ValueError(
            f"`{name}` must be finite and must not be negative. Received: "
            f"{first:g}{start}"
        )
    return setting
