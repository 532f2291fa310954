"""Penalties: what keeps the discriminator from becoming too steep.

A discriminator that separates real from fake perfectly has no useful slope
left for the generator. Each penalty looks at the gradient of D with respect to
its INPUT, its slope, at points of its own choosing, and adds a cost to the
discriminator's loss. The slope is differentiated once more, with respect to the
weights.

The norm of a slope is over all values that a logit depends on: those of one
example, or of one pack where the discriminator judges packs of examples.
"""

import math

import keras
from keras import ops

from keras_gan import backend
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")


class Penalty:
    """A cost on the discriminator's gradient with respect to its input.

    Subclasses say where the gradient is taken, `at` the `"real"` or the `"fake"`
    data or at `points` of their own, and what it costs (`cost`).

    The gradient is that of a logit with respect to all that it judges. Where the
    discriminator packs m examples for one logit (`keras_gan.layers.Packing`),
    `points` and `cost` see a pack as one example, `(batch / m, m height, ...)`: a
    norm is over the pack, and a mean over packs.

    Args:
        weight: float, the factor of the cost in the discriminator's loss; or a
            schedule (`keras_gan.optimizers`, `keras.optimizers.schedules`) of the
            number of steps that the discriminator has taken.
        interval: int. The penalty is taken at every `interval`-th
            discriminator step only, and multiplied by `interval` there, so
            that its mean stays the same ("lazy regularisation", Karras et al.
            2019, arXiv:1912.04958).
    """

    at = None

    def __init__(self, weight, interval=1):
        self.weight = check_setting("weight", weight)
        self.interval = arguments.integer("interval", interval)

    def points(self, real, fake, seed):
        """Where the gradient is taken.

        Args:
            real: real data, `(batch, ...)`.
            fake: generated data in the shape of `real`.
            seed: `keras.random.SeedGenerator` for penalties that draw.
        """
        return {"real": real, "fake": fake}[self.at]

    def cost(self, gradient):
        """What a gradient costs: `(batch, ...)` to `(batch,)`."""
        raise NotImplementedError

    def __call__(
        self, discriminator, real, fake, step, seed=None, slopes=None, num_logits=None
    ):
        """The penalty in one discriminator step.

        Args:
            discriminator: function from data to logits.
            real: real data, `(batch, ...)`.
            fake: generated data in the shape of `real`.
            step: int, how many steps the discriminator has taken.
            seed: `keras.random.SeedGenerator`.
            slopes: dict from `"real"` or `"fake"` to the gradient of D there, where
                it is known already.
            num_logits: int, the size of the batch of logits; by default that of the
                data.

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

    def constrain(self, discriminator, step):
        """Change the discriminator after its step; most penalties do not."""

    def get_config(self):
        weight = keras.saving.serialize_keras_object(self.weight)
        return {"weight": weight, "interval": self.interval}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


def _sum_of_squares(gradient):
    axes = tuple(range(1, len(gradient.shape)))
    return ops.sum(ops.square(gradient), axis=axes)  # (batch,)


def _norm(gradient):
    # The slope of the root is infinite at zero, where dead units can put us.
    return ops.sqrt(_sum_of_squares(gradient) + 1e-12)


def _one_draw_each(data, seed):
    shape = (ops.shape(data)[0],) + (1,) * (len(data.shape) - 1)
    return keras.random.uniform(shape, seed=seed)  # (batch, 1, ..., 1)


@_package
class GradientPenalty(Penalty):
    """WGAN-GP: the critic's slope is 1 between real and generated data.

        weight * E[(||grad D(x_hat)|| - 1)^2],
        x_hat = alpha x + (1 - alpha) G(z),    alpha ~ U(0, 1) for each example.

    For a discriminator that judges packs of examples, a pack is an example: it has
    one alpha and one norm.

    Use no batch normalisation in the critic: the penalty is on the gradient of
    each example alone.

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

    def __init__(self, weight=10.0, interval=1):
        super().__init__(weight, interval)

    def points(self, real, fake, seed):
        alpha = _one_draw_each(real, seed)
        return alpha * real + (1.0 - alpha) * fake

    def cost(self, gradient):
        return ops.square(_norm(gradient) - 1.0)


@_package
class R1(Penalty):
    """A flat discriminator on real data: weight/2 * E[||grad D(x)||^2].

    Where the generator already matches the data, D has nothing to gain by
    leaving 1/2; with this penalty training converges there. The norm is over an
    example, or over a pack where the discriminator judges packs.

    Args:
        weight: float or schedule, gamma in the paper. The squared norm is summed
            over pixels, so larger images ask for other values.
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

    def __init__(self, weight=1.0, interval=1):
        super().__init__(weight, interval)

    def cost(self, gradient):
        return 0.5 * _sum_of_squares(gradient)


@_package
class R2(R1):
    """A flat discriminator on generated data: weight/2 * E[||grad D(G(z))||^2].

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
    """A slope of 1 around the real data, where no fake is needed to find it.

        weight * E[(||grad D(x + alpha delta)|| - 1)^2],
        delta ~ spread * std(x) * U(0, 1) in each value,
        alpha ~ U(0, 1) for each example.

    Args:
        weight: float or schedule, lambda in the paper.
        spread: float, how far to step from the data, in standard deviations of
            the batch.
        interval: int, for lazy use; see `Penalty`.

    Example:

    ```python
    gan.compile(discriminator_penalties=[keras_gan.penalties.DRAGAN()])
    ```

    Kodali et al. 2017, "On Convergence and Stability of GANs",
    arXiv:1705.07215.
    """

    def __init__(self, weight=10.0, spread=0.5, interval=1):
        super().__init__(weight, interval)
        self.spread = spread

    def points(self, real, fake, seed):
        delta = keras.random.uniform(ops.shape(real), seed=seed)
        delta = self.spread * ops.std(real) * delta
        return real + _one_draw_each(real, seed) * delta

    def cost(self, gradient):
        return ops.square(_norm(gradient) - 1.0)

    def get_config(self):
        return {**super().get_config(), "spread": self.spread}


@_package
class WeightClipping(Penalty):
    """No cost, but a constraint: after each step every weight is clipped.

    The first way to a Lipschitz critic, kept because papers compare with it;
    `GradientPenalty` is the better one.

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

    def __init__(self, limit=0.01, interval=1):
        super().__init__(0.0, interval)
        if limit <= 0:
            raise ValueError(f"`limit` must be positive. Received: {limit}")
        self.limit = limit

    def __call__(self, discriminator, real, *args, **kwargs):
        return ops.zeros(())

    def constrain(self, discriminator, step):
        is_due = ops.equal(step % self.interval, 0)
        for weight in discriminator.trainable_variables:
            clipped = ops.clip(weight.value, -self.limit, self.limit)
            weight.assign(ops.where(is_due, clipped, weight.value))

    def get_config(self):
        return {"limit": self.limit, "interval": self.interval}


class GeneratorPenalty(keras.layers.Layer):
    """A cost on the generator, added to its loss.

    Subclasses implement `cost`. A penalty is a layer, so that a model which has one
    saves its state.

    Args:
        weight: float, the factor of the cost in the generator's loss; or a schedule of
            the number of updates that the generator has had.
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

    def __init__(self, weight, interval: int = 1, name: str | None = None):
        super().__init__(name=name, trainable=False, dtype="float32")
        self.weight = check_setting("weight", weight)
        self.interval = arguments.integer("interval", interval)
        self.built = True

    def cost(self, generate, sample, seed):
        """Return the cost of the generator.

        Args:
            generate: function from latents `(batch, latent_dim)` to data, in training.
            sample: function of nothing that draws latents from the prior.
            seed: `keras.random.SeedGenerator` for further draws.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def cost_and_state(self, generate, sample, seed):
        """Return the cost, and the new values of `state`; see `cost`."""
        return self.cost(generate, sample, seed), []

    @property
    def state(self) -> list[keras.Variable]:
        """The scalar variables that `cost_and_state` gives new values for."""
        return []

    def __call__(self, generate, sample, step, seed):
        """Return the penalty in one update of the generator.

        Args:
            generate: function from latents to data.
            sample: function of nothing that draws latents from the prior.
            step: int, how many updates the generator has had.
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
        settings = f"weight={self.weight}, interval={self.interval}"
        return f"{type(self).__name__}({settings})"

    def get_config(self):
        weight = keras.saving.serialize_keras_object(self.weight)
        return {"weight": weight, "interval": self.interval, "name": self.name}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


@_package
class PathLength(GeneratorPenalty):
    """Steps of equal length in latent space change the image by equal amounts.

        weight * E[(||J^T y|| - a)^2],    y ~ N(0, I) over the image / sqrt(pixels),

    where J is the derivative of the image by the latents, and a the running mean of
    the norm. J^T y is the gradient of sum(G(z) y) with respect to z.

    Args:
        weight: float or schedule.
        interval: int, for lazy use; see `GeneratorPenalty`.
        decay: float, how fast the running mean a follows.
        name: str.

    Example:

    ```python
    gan.compile(generator_penalties=[keras_gan.penalties.PathLength(interval=4)])
    ```

    Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958.
    """

    def __init__(self, weight=2.0, interval=4, decay=0.01, name=None):
        super().__init__(weight, interval, name)
        self.decay = decay
        self.mean_length = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="mean_length"
        )

    @property
    def state(self):
        return [self.mean_length]

    def cost_and_state(self, generate, sample, seed):
        def project(latents):
            images = generate(latents)
            noise = keras.random.normal(ops.shape(images), seed=seed)
            noise = noise / math.prod(images.shape[1:-1]) ** 0.5
            return ops.sum(images * noise)

        _, gradient = backend.input_gradient(project, sample())
        lengths = _norm(gradient)  # (batch,)
        mean = self.mean_length.value
        mean = mean + self.decay * (ops.mean(lengths) - mean)
        return ops.mean(ops.square(lengths - mean)), [mean]

    def get_config(self):
        return {**super().get_config(), "decay": self.decay}


def _pack(data, num_packs):
    """What shares a logit as one example, for m = 1 the data as they are.

    `(batch, height, ...)` to `(batch / m, m height, ...)`.
    """
    return ops.reshape(data, (num_packs, -1, *ops.shape(data)[2:]))


def check_penalties(argument: str, penalties, kind: type) -> list:
    """Return the penalties as a list, or raise a `ValueError` if one is of no use.

    Args:
        argument: the name of the argument, for the error.
        penalties: what was passed.
        kind: `Penalty` or `GeneratorPenalty`.
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
