"""Squared gradient norms at the data: R1 and R2."""

import keras

from keras_gan._typing import Setting, Tensor
from keras_gan.penalties.penalty import Penalty
from keras_gan.penalties.per_example import sum_of_squares


@keras.saving.register_keras_serializable(package="keras_gan")
class R1(Penalty):
    """Squared gradient norm on real data: weight/2 * E[||grad D(x)||^2].

    If the generator matches the data, D gains nothing by deviating from 1/2. With
    this penalty training converges there. The norm is over an example, or over a
    pack if the discriminator takes packs.

    Args:
        weight: float or schedule, gamma in the paper. The squared norm is summed
            over pixels, so larger images need other values.
        interval: int, for lazy use; see `Penalty`.

    Example:

    ```python
    penalty = keras_gan.penalties.R1(weight=1.0, interval=16)
    gan.compile(discriminator_penalties=[penalty])
    ```

    Mescheder et al. 2018, "Which Training Methods for GANs do actually
    Converge?", arXiv:1801.04406.
    """

    at = "real"

    def __init__(self, weight: Setting = 1.0, interval: int = 1) -> None:
        super().__init__(weight, interval)

    def cost(self, gradient: Tensor) -> Tensor:
        return 0.5 * sum_of_squares(gradient)


@keras.saving.register_keras_serializable(package="keras_gan")
class R2(R1):
    """Squared gradient norm on generated data: weight/2 * E[||grad D(G(z))||^2].

    The counterpart of `R1`, from the same paper; see there.

    Example:

    ```python
    penalties = [keras_gan.penalties.R1(1.0), keras_gan.penalties.R2(1.0)]
    gan.compile(loss="relativistic_pairing", discriminator_penalties=penalties)
    ```
    """

    at = "fake"
