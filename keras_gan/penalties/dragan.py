"""DRAGAN: a gradient norm of 1 around the real data."""

import keras
from keras import ops

from keras_gan._typing import Config, Seed, Setting, Tensor
from keras_gan.penalties.penalty import Penalty
from keras_gan.penalties.per_example import norm, uniform_per_example


@keras.saving.register_keras_serializable(package="keras_gan")
class DRAGAN(Penalty):
    """DRAGAN: a gradient norm of 1 around the real data.

        weight * E[(||grad D(x + alpha delta)|| - 1)^2],
        delta ~ spread * std(x) * U(0, 1) in each value,
        alpha ~ U(0, 1) for each example.

    Args:
        weight: float or schedule, lambda in the paper.
        spread: float, the largest distance from the data, in standard deviations
            of the batch.
        interval: int, for lazy use; see `Penalty`.

    Example:

    ```python
    gan.compile(discriminator_penalties=[keras_gan.penalties.DRAGAN()])
    ```

    Kodali et al. 2017, "On Convergence and Stability of GANs",
    arXiv:1705.07215.
    """

    def __init__(
        self, weight: Setting = 10.0, spread: float = 0.5, interval: int = 1
    ) -> None:
        super().__init__(weight, interval)
        self.spread = spread

    def points(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        delta = keras.random.uniform(ops.shape(real), seed=seed)
        delta = self.spread * ops.std(real) * delta
        return real + uniform_per_example(real, seed) * delta

    def cost(self, gradient: Tensor) -> Tensor:
        return ops.square(norm(gradient) - 1.0)

    def get_config(self) -> Config:
        return {**super().get_config(), "spread": self.spread}
