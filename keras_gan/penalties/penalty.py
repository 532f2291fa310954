"""Base class of penalties on the gradient of the discriminator."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan import backend
from keras_gan._repr import config_repr
from keras_gan._typing import Config, Seed, Setting, Tensor
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.penalties.per_example import pack
from keras_gan.validation import arguments


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
            points = self.points(pack(real, num_logits), pack(fake, num_logits), seed)
            points = ops.reshape(points, ops.shape(real))

        def measure():
            gradient = slope
            if gradient is None:
                evaluate = backend.without_updates(discriminator)
                _, gradient = backend.input_gradient(evaluate, points)
            gradient = pack(ops.cast(gradient, "float32"), num_logits)
            cost = ops.mean(self.cost(gradient))
            return self.interval * value_at(self.weight, step) * cost

        if self.interval == 1:
            return measure()
        is_due = ops.equal(step % self.interval, 0)
        return backend.cond_without_updates(is_due, measure)

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
