"""What a penalty is: a cost on the discriminator's slope.

The slope is the gradient of D with respect to its INPUT, and it is differentiated
once more, with respect to the weights. Where it is taken at the data that D judges
anyway, `examine` takes the judgement and the slope from one pass through D.
"""

import keras
from keras import ops

from keras_gan import arguments, backend
from keras_gan.schedules import check_setting, value_at


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
            schedule (`keras_gan.schedules`, `keras.optimizers.schedules`) of the
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
                look = backend.looking(discriminator)
                _, gradient = backend.input_gradient(look, points)
            gradient = _pack(ops.cast(gradient, "float32"), num_logits)
            cost = ops.mean(self.cost(gradient))
            return self.interval * value_at(self.weight, step) * cost

        if self.interval == 1:
            return measure()
        is_due = ops.equal(step % self.interval, 0)
        return ops.cond(is_due, measure, lambda: ops.zeros(()))

    def constrain(self, discriminator, step):
        """Change the discriminator after its step; most penalties do not."""

    def get_config(self):
        weight = keras.saving.serialize_keras_object(self.weight)
        return {"weight": weight, "interval": self.interval}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


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
    """What shares a logit as one example, for m = 1 the data as they are.

    `(batch, height, ...)` to `(batch / m, m height, ...)`.
    """
    return ops.reshape(data, (num_packs, -1, *ops.shape(data)[2:]))


def check_penalties(penalties):
    """The penalties as a list, or a `ValueError` if one of them is none."""
    for penalty in penalties:
        if not isinstance(penalty, Penalty):
            raise ValueError(
                "`penalties` must be a list of penalties, such as "
                f"`[keras_gan.penalties.R1(1.0)]`. Received in it: {penalty!r}"
            )
    return list(penalties)
