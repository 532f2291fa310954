"""Weights of the critic between two limits."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gan._typing import Config, Tensor
from keras_gan.penalties.penalty import Penalty


@keras.saving.register_keras_serializable(package="keras_gan")
class WeightClipping(Penalty):
    """Clip every weight of the discriminator after each step.

    This constraint adds no cost. It was the first method for a Lipschitz critic
    and is kept for comparison with papers; `GradientPenalty` is better.

    Args:
        limit: float, c in the paper. Weights are clipped to [-limit, limit].
        interval: int, clip after every `interval`-th discriminator step.

    Example:

    ```python
    penalty = keras_gan.penalties.WeightClipping(0.01)
    gan.compile(loss="wasserstein", discriminator_penalties=[penalty])
    ```

    Arjovsky et al. 2017, "Wasserstein GAN", arXiv:1701.07875.
    """

    def __init__(self, limit: float = 0.01, interval: int = 1) -> None:
        super().__init__(0.0, interval)
        if limit <= 0:
            raise ValueError(f"`limit` must be positive. Received: {limit}")
        self.limit = limit

    def __call__(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        *args: Any,
        **kwargs: Any,
    ) -> Tensor:
        return ops.zeros(())

    def constrain(self, discriminator: keras.Model, step: Tensor) -> None:
        is_due = ops.equal(step % self.interval, 0)
        for weight in discriminator.trainable_variables:
            clipped = ops.clip(weight.value, -self.limit, self.limit)
            weight.assign(ops.where(is_due, clipped, weight.value))

    def get_config(self) -> Config:
        return {"limit": self.limit, "interval": self.interval}
