"""WGAN-GP: a gradient norm of 1 between real and generated data."""

import keras
from keras import ops

from keras_gan._typing import Seed, Setting, Tensor
from keras_gan.penalties.penalty import Penalty
from keras_gan.penalties.per_example import norm, uniform_per_example


@keras.saving.register_keras_serializable(package="keras_gan")
class GradientPenalty(Penalty):
    """WGAN-GP: a gradient norm of 1 between real and generated data.

        weight * E[(||grad D(x_hat)|| - 1)^2],
        x_hat = alpha x + (1 - alpha) G(z),    alpha ~ U(0, 1) for each example.

    If the discriminator takes packs of examples, each pack has one alpha and one
    norm.

    Do not use batch normalisation in the critic: the penalty assumes that the
    gradient of each example is independent of the others.

    Args:
        weight: float or schedule, lambda in the paper.
        interval: int, for lazy use; see `Penalty`.

    Example:

    ```python
    penalty = keras_gan.penalties.GradientPenalty()
    gan.compile(loss="wasserstein", discriminator_penalties=[penalty])
    ```

    Gulrajani et al. 2017, "Improved Training of Wasserstein GANs",
    arXiv:1704.00028.
    """

    def __init__(self, weight: Setting = 10.0, interval: int = 1) -> None:
        super().__init__(weight, interval)

    def points(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        alpha = uniform_per_example(real, seed)
        return alpha * real + (1.0 - alpha) * fake

    def cost(self, gradient: Tensor) -> Tensor:
        return ops.square(norm(gradient) - 1.0)
