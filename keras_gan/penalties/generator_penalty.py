"""Base class of costs on the generator."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan import backend
from keras_gan._repr import config_repr
from keras_gan._typing import Config, Seed, Setting, Tensor
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments


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
