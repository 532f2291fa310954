"""Penalties on the gradient of the discriminator with respect to its input.

A discriminator that separates real from fake perfectly gives the generator no
useful gradient. Each penalty takes the gradient of D with respect to its INPUT, at
points that the penalty chooses, and adds a cost to the discriminator's loss. This
cost is differentiated once more, with respect to the weights.

The norm of the gradient is over all values that a logit depends on. These are the
values of one example, or of one pack if the discriminator takes packs of examples.
"""

import math
from collections.abc import Callable, Sequence
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
                evaluate = backend.without_updates(discriminator)
                _, gradient = backend.input_gradient(evaluate, points)
            gradient = _pack(ops.cast(gradient, "float32"), num_logits)
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
    penalty = keras_gan.penalties.GradientPenalty()
    gan.compile(loss="wasserstein", discriminator_penalties=[penalty])
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
        return 0.5 * _sum_of_squares(gradient)


@_package
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


class GeneratorPenalty(keras.layers.Layer):
    """Base class of costs on the generator, which are added to its loss.

    Subclasses implement `cost`. A penalty is a layer, so a model saves its state.

    Args:
        weight: float, the factor of the cost in the generator's loss; or a schedule of
            the number of updates of the generator.
        interval: int. The penalty is computed at every `interval`-th update only, and
            multiplied by `interval` there ("lazy regularisation").
        name: str.

    Example:

    ```python
    class Contrast(keras_gan.penalties.GeneratorPenalty):
        def cost(self, generate, sample, seed):
            return -keras.ops.mean(keras.ops.std(generate(sample()), axis=0))

    penalty = Contrast(weight=0.1)
    ```
    """

    def __init__(
        self, weight: Setting, interval: int = 1, name: str | None = None
    ) -> None:
        super().__init__(name=name, trainable=False, dtype="float32")
        self.weight = check_setting("weight", weight)
        self.interval = arguments.integer("interval", interval)
        self.built = True

    def cost(
        self,
        generate: Callable[[Tensor], Tensor],
        sample: Callable[[], Tensor],
        seed: Seed,
    ) -> Tensor:
        """Return the cost of the generator.

        Args:
            generate: function from latents `(batch, latent_dim)` to data, in training.
            sample: function without arguments that samples latents from the prior.
            seed: `keras.random.SeedGenerator` for further random numbers.

        For a generator with a mapping network both have w in place of latents,
        `(batch, num_ws, w_dim)`.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def cost_and_state(self, generate, sample, seed):
        """Return the cost, and the new values of `state`; see `cost`."""
        return self.cost(generate, sample, seed), []

    @property
    def state(self) -> list[keras.Variable]:
        """The scalar variables whose new values `cost_and_state` returns."""
        return []

    def __call__(self, generate, sample, step, seed):
        """Return the penalty in one update of the generator.

        Args:
            generate: function from latents to data.
            sample: function without arguments that samples latents from the prior.
            step: int, the number of updates of the generator.
            seed: `keras.random.SeedGenerator`.
        """
        generate = backend.without_updates(generate)
        is_due = ops.equal(step % self.interval, 0)

        def measure():
            cost, state = self.cost_and_state(generate, sample, seed)
            cost = self.interval * value_at(self.weight, step) * cost
            return ops.stack([cost, *state])

        if self.interval == 1:
            values = measure()
        else:
            shape = (1 + len(self.state),)
            values = backend.cond_without_updates(is_due, measure, shape)
        for i, variable in enumerate(self.state, 1):
            new = ops.stop_gradient(values[i])
            variable.assign(ops.where(is_due, new, variable.value))
        return values[0]

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        weight = keras.saving.serialize_keras_object(self.weight)
        return {"weight": weight, "interval": self.interval, "name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> "GeneratorPenalty":
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


@_package
class PathLength(GeneratorPenalty):
    """Path length regularisation: equal latent steps change images equally.

        weight * E[(||J^T y|| - a)^2],    y ~ N(0, I) over the image / sqrt(pixels),

    where J is the derivative of the image by the latents, and a the running mean of
    the norm. J^T y is the gradient of sum(G(z) y) with respect to z.

    For a generator with a mapping network (`keras_gan.architectures.StyleGenerator`)
    the latents are w, one for each layer of the synthesis network, and the squared norm
    is its mean over these layers.

    Args:
        weight: float or schedule.
        interval: int, for lazy use; see `GeneratorPenalty`.
        decay: float, the rate at which the running mean a is updated.
        name: str.
        batch_shrink: int. The penalty looks at the first of so many parts of the batch
            only, which saves memory and time: 2 in StyleGAN2.

    Example:

    ```python
    penalty = keras_gan.penalties.PathLength(interval=4, batch_shrink=2)
    gan.compile(generator_penalties=[penalty])
    ```

    Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958.
    """

    def __init__(
        self,
        weight: Setting = 2.0,
        interval: int = 4,
        decay: float = 0.01,
        name: str | None = None,
        batch_shrink: int = 1,
    ) -> None:
        super().__init__(weight, interval, name)
        self.decay = decay
        self.batch_shrink = arguments.integer("batch_shrink", batch_shrink)
        self.mean_length = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="mean_length"
        )

    @property
    def state(self) -> list[keras.Variable]:
        return [self.mean_length]

    def cost_and_state(self, generate, sample, seed):
        def project(latents):
            images = generate(latents)
            noise = keras.random.normal(ops.shape(images), seed=seed)
            noise = noise / math.prod(images.shape[1:-1]) ** 0.5
            return ops.sum(images * noise)

        latents = sample()
        latents = latents[: -(-ops.shape(latents)[0] // self.batch_shrink)]
        _, gradient = backend.input_gradient(project, latents)
        lengths = self.lengths(gradient)
        mean = self.mean_length.value
        mean = mean + self.decay * (ops.mean(lengths) - mean)
        return ops.mean(ops.square(lengths - mean)), [mean]

    def lengths(self, gradient: Tensor) -> Tensor:
        """Return the norm of each gradient J^T y.

        Args:
            gradient: float tensor `(batch, latent_dim)`; or `(batch, num_ws, w_dim)`,
                for a root mean square over the layers.

        Returns:
            A float tensor `(batch,)`.
        """
        if len(gradient.shape) == 3:
            gradient = gradient / gradient.shape[1] ** 0.5
        return _norm(gradient)

    def get_config(self) -> Config:
        config = {"decay": self.decay, "batch_shrink": self.batch_shrink}
        return {**super().get_config(), **config}


def _pack(data, num_packs):
    """Join the m examples that share a logit into one.

    `(batch, height, ...)` becomes `(batch / m, m height, ...)`.
    """
    return ops.reshape(data, (num_packs, -1, *ops.shape(data)[2:]))


def discriminate_with_penalties(
    penalties: Sequence[Penalty],
    discriminate: Callable[[Tensor], Any],
    real: Tensor,
    fakes: Tensor,
    step: Tensor,
    seed: Seed = None,
) -> tuple[Any, Any, Tensor]:
    """Return a discriminator's outputs for real and generated data, and the penalties.

    A penalty on the gradient at the data themselves takes it from the pass that gives
    the outputs.

    Args:
        penalties: list of `Penalty`.
        discriminate: function from data to logits, or to several outputs of which the
            first are logits.
        real: float tensor `(batch, ...)`, real data.
        fakes: float tensor `(batch, ...)`, generated data.
        step: int, the number of steps that the discriminator has taken.
        seed: `keras.random.SeedGenerator`, for random points.

    Returns:
        `(real_outputs, fake_outputs, penalty)`, the last a float scalar: the sum.

    Example:

    ```python
    real, fakes = keras.random.normal((2, 4, 8))
    discriminator = keras_gan.architectures.mlp_discriminator((8,))
    r1 = keras_gan.penalties.R1(weight=0.1)
    outputs = keras_gan.penalties.discriminate_with_penalties(
        [r1], discriminator, real, fakes, step=0
    )
    ```
    """
    shared = {penalty.at for penalty in penalties if penalty.interval == 1}
    outputs, gradients = {}, {}
    for kind, data in (("real", real), ("fake", fakes)):
        if kind in shared:
            outputs[kind], gradients[kind] = backend.input_gradient(discriminate, data)
        else:
            outputs[kind] = discriminate(data)
    num_logits = ops.shape(keras.tree.flatten(outputs["real"])[0])[0]
    total = ops.zeros(())
    for penalty in penalties:
        total += penalty(discriminate, real, fakes, step, seed, gradients, num_logits)
    return outputs["real"], outputs["fake"], total


def check_penalties(argument: str, penalties: Any, kind: type) -> list:
    """Return the penalties as a list, or raise a `ValueError` if one is of no use.

    Args:
        argument: the name of the argument, for the error.
        penalties: what was passed.
        kind: `Penalty` or `GeneratorPenalty`.

    Returns:
        The list of penalties.

    Example:

    ```python
    from keras_gan.penalties import R1, Penalty, check_penalties

    penalties = check_penalties("discriminator_penalties", (R1(1.0),), Penalty)
    ```
    """
    example = "R1(1.0)" if kind is Penalty else "PathLength()"
    if not isinstance(penalties, list | tuple) or not all(
        isinstance(penalty, kind) for penalty in penalties
    ):
        raise ValueError(
            f"`{argument}` must be a list of penalties of this player, such as "
            f"`[keras_gan.penalties.{example}]`. Received: {penalties!r}"
        )
    return list(penalties)
