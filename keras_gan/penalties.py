"""Penalties on the gradient of the discriminator with respect to its input.

A discriminator that separates real from fake perfectly gives the generator no
useful gradient. Each penalty takes the gradient of D with respect to its INPUT, at
points that the penalty chooses, and adds a cost to the discriminator's loss. This
cost is differentiated once more, with respect to the weights.

The norm of the gradient is over all values that a logit depends on. These are the
values of one example, or of one pack if the discriminator takes packs of examples.
"""

from collections.abc import Callable, Iterable
from typing import Any

import keras
from keras import ops

from keras_gan import backend
from keras_gan._repr import config_repr
from keras_gan._typing import Config, Seed, Setting, Tensor
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")


class Penalty:
    """Base class of costs on the discriminator's gradient with respect to its input.

    A subclass sets `at` to `"real"` or `"fake"`, to take the gradient at these data,
    or computes its own `points`. It implements `cost`.

    The gradient is that of a logit with respect to all values it depends on. If the
    discriminator packs m examples into one logit (`keras_gan.layers.Packing`),
    `points` and `cost` take a pack as one example, `(batch / m, m height, ...)`: a
    norm is over the pack, and a mean over packs.

    Args:
        weight: float, the factor of the cost in the discriminator's loss; or a
            schedule (`keras_gan.optimizers`, `keras.optimizers.schedules`) of the
            number of steps that the discriminator has taken.
        interval: int. The penalty is computed at every `interval`-th discriminator
            step only. There it is multiplied by `interval`, so that its mean stays
            the same ("lazy regularisation", Karras et al. 2019, arXiv:1912.04958).
    """

    at = None

    def __init__(self, weight: Setting, interval: int = 1) -> None:
        self.weight = check_setting("weight", weight)
        self.interval = arguments.integer("interval", interval)

    def points(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        """Return the points where the gradient is taken.

        Args:
            real: real data, `(batch, ...)`.
            fake: generated data in the shape of `real`.
            seed: `keras.random.SeedGenerator`, for random points.

        Returns:
            A float tensor in the shape of `real`.
        """
        return {"real": real, "fake": fake}[self.at]

    def cost(self, gradient: Tensor) -> Tensor:
        """Return the cost of each gradient: `(batch, ...)` to `(batch,)`."""
        raise NotImplementedError

    def __call__(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        step: Tensor,
        seed: Seed = None,
        slopes: dict[str, Tensor] | None = None,
        num_logits: Tensor | None = None,
    ) -> Tensor:
        """Compute the penalty of one discriminator step.

        Args:
            discriminator: function from data to logits.
            real: real data, `(batch, ...)`.
            fake: generated data in the shape of `real`.
            step: int, how many steps the discriminator has taken.
            seed: `keras.random.SeedGenerator`.
            slopes: dict from `"real"` or `"fake"` to the gradient of D there, if it
                is known already.
            num_logits: int, the number of logits. By default the size of the batch.

        Returns:
            A float scalar, to be added to the discriminator's loss.
        """
        if num_logits is None:
            num_logits = ops.shape(real)[0]
        slope = (slopes or {}).get(self.at)
        if slope is None:
            points = self.points(_pack(real, num_logits), _pack(fake, num_logits), seed)
            points = ops.reshape(points, ops.shape(real))

        def measure():
            gradient = slope
            if gradient is None:
                look = backend.looking(discriminator)
                _, gradient = backend.input_gradient(look, points)
            gradient = _pack(ops.cast(gradient, "float32"), num_logits)
            cost = ops.mean(self.cost(gradient))
            return self.interval * value_at(self.weight, step) * cost

        if self.interval == 1:
            return measure()
        is_due = ops.equal(step % self.interval, 0)
        return ops.cond(is_due, measure, lambda: ops.zeros(()))

    def constrain(self, discriminator: keras.Model, step: Tensor) -> None:
        """Constrain the discriminator's weights after its step. By default: nothing."""

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        weight = keras.saving.serialize_keras_object(self.weight)
        return {"weight": weight, "interval": self.interval}

    @classmethod
    def from_config(cls, config: Config) -> "Penalty":
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


def _sum_of_squares(gradient):
    axes = tuple(range(1, len(gradient.shape)))
    return ops.sum(ops.square(gradient), axis=axes)  # (batch,)


def _norm(gradient):
    # The derivative of the root is infinite at 0, which dead units can give.
    return ops.sqrt(_sum_of_squares(gradient) + 1e-12)


def _uniform_per_example(data, seed):
    shape = (ops.shape(data)[0],) + (1,) * (len(data.shape) - 1)
    return keras.random.uniform(shape, seed=seed)  # (batch, 1, ..., 1)


@_package
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
    gan.compile(loss="wasserstein", penalties=[keras_gan.penalties.GradientPenalty()])
    ```

    Gulrajani et al. 2017, "Improved Training of Wasserstein GANs",
    arXiv:1704.00028.
    """

    def __init__(self, weight: Setting = 10.0, interval: int = 1) -> None:
        super().__init__(weight, interval)

    def points(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        alpha = _uniform_per_example(real, seed)
        return alpha * real + (1.0 - alpha) * fake

    def cost(self, gradient: Tensor) -> Tensor:
        return ops.square(_norm(gradient) - 1.0)


@_package
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
    gan.compile(penalties=[keras_gan.penalties.R1(weight=1.0, interval=16)])
    ```

    Mescheder et al. 2018, "Which Training Methods for GANs do actually
    Converge?", arXiv:1801.04406.
    """

    at = "real"

    def __init__(self, weight: Setting = 1.0, interval: int = 1) -> None:
        super().__init__(weight, interval)

    def cost(self, gradient: Tensor) -> Tensor:
        return 0.5 * _sum_of_squares(gradient)


@_package
class R2(R1):
    """Squared gradient norm on generated data: weight/2 * E[||grad D(G(z))||^2].

    The counterpart of `R1`, from the same paper; see there.

    Example:

    ```python
    penalties = [keras_gan.penalties.R1(1.0), keras_gan.penalties.R2(1.0)]
    gan.compile(loss="relativistic_pairing", penalties=penalties)
    ```
    """

    at = "fake"


@_package
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
    gan.compile(penalties=[keras_gan.penalties.DRAGAN()])
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
        return real + _uniform_per_example(real, seed) * delta

    def cost(self, gradient: Tensor) -> Tensor:
        return ops.square(_norm(gradient) - 1.0)

    def get_config(self) -> Config:
        return {**super().get_config(), "spread": self.spread}


@_package
class WeightClipping(Penalty):
    """Clip every weight of the discriminator after each step.

    This constraint adds no cost. It was the first method for a Lipschitz critic
    and is kept for comparison with papers; `GradientPenalty` is better.

    Args:
        limit: float, c in the paper. Weights are clipped to [-limit, limit].
        interval: int, clip after every `interval`-th discriminator step.

    Example:

    ```python
    gan.compile(
        loss="wasserstein", penalties=[keras_gan.penalties.WeightClipping(0.01)]
    )
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


def examine(discriminator, real, fake, penalties, step, seed):
    """Judge real and generated data, and take the penalties in the same look.

    Where penalties ask for D's slope at the data that it judges, judgement and slope
    come from one pass through D.

    Args:
        discriminator: function from data to logits, or to a list of them and more.
        real: real data, `(batch, ...)`.
        fake: generated data, `(batch, ...)`.
        penalties: list of penalties.
        step: int, how many steps the discriminator has taken.
        seed: `keras.random.SeedGenerator`.

    Returns:
        `real_logits, fake_logits, penalty`: what the discriminator gave, twice, and
        the sum of all penalties.
    """
    wanted = {penalty.at for penalty in penalties if penalty.interval == 1}
    logits, slopes = {}, {}
    for kind, data in (("real", real), ("fake", fake)):
        if kind in wanted:
            logits[kind], slopes[kind] = backend.input_gradient(discriminator, data)
        else:
            logits[kind] = discriminator(data)
    num_logits = ops.shape(keras.tree.flatten(logits["real"])[0])[0]
    total = ops.zeros(())
    for penalty in penalties:
        total += penalty(discriminator, real, fake, step, seed, slopes, num_logits)
    return logits["real"], logits["fake"], total


def _pack(data, num_packs):
    """Join the m examples that share a logit into one.

    `(batch, height, ...)` becomes `(batch / m, m height, ...)`.
    """
    return ops.reshape(data, (num_packs, -1, *ops.shape(data)[2:]))


def check_penalties(penalties: Iterable[Penalty]) -> list[Penalty]:
    """Check that all elements are penalties.

    Args:
        penalties: iterable of `Penalty`.

    Returns:
        The penalties as a list.

    Raises:
        ValueError: if an element is not a penalty.

    Example:

    ```python
    penalties = keras_gan.penalties.check_penalties([keras_gan.penalties.R1(1.0)])
    ```
    """
    for penalty in penalties:
        if not isinstance(penalty, Penalty):
            raise ValueError(
                "`penalties` must be a list of penalties, such as "
                f"`[keras_gan.penalties.R1(1.0)]`. Received in it: {penalty!r}"
            )
    return list(penalties)
