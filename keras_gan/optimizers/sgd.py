"""SGD with a schedule for its momentum, and the decay of the first GAN."""

import math

import keras
from keras import ops

from keras_gan.optimizers.schedules import value_at


@keras.saving.register_keras_serializable(package="keras_gan")
class ScheduledSGD(keras.optimizers.Optimizer):
    """Stochastic gradient descent whose momentum may follow a schedule.

        v = momentum v - learning_rate gradient,    weight = weight + v.

    Args:
        learning_rate: float, or a schedule of the number of updates.
        momentum: float in [0, 1), or a schedule.
        name: str.
        **kwargs: as in `keras.optimizers.Optimizer`, such as `clipnorm`.

    Example:

    ```python
    momentum = keras.optimizers.schedules.PolynomialDecay(0.5, 10_000, 0.7)
    optimizer = keras_gan.optimizers.ScheduledSGD(0.1, momentum)
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661, and the
    settings published with it.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, name="sgd", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        if not callable(momentum) and not 0 <= momentum < 1:
            raise ValueError(
                f"`momentum` must be in [0, 1), or a schedule. Received: {momentum!r}"
            )
        self.momentum = momentum

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable by its velocity."""
        velocity = self.velocities[self._get_variable_index(variable)]
        momentum = ops.cast(value_at(self.momentum, self.iterations), variable.dtype)
        step = ops.cast(learning_rate, variable.dtype) * ops.cast(
            gradient, variable.dtype
        )
        self.assign(velocity, momentum * velocity - step)
        self.assign_add(variable, velocity)

    def get_config(self):
        momentum = keras.saving.serialize_keras_object(self.momentum)
        return {**super().get_config(), "momentum": momentum}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        config["momentum"] = keras.saving.deserialize_keras_object(
            config["momentum"], custom_objects
        )
        return super().from_config(config, custom_objects)


@keras.saving.register_keras_serializable(package="keras_gan")
class GeometricDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A value that is divided by a factor at every update, down to a minimum.

    Args:
        start: float, the first value.
        factor: float above 1.
        minimum: float, the last value.

    Example:

    ```python
    rate = keras_gan.optimizers.GeometricDecay(0.1, 1.000004, 1e-6)
    ```

    The schedule of the code of Goodfellow et al. 2014, arXiv:1406.2661.
    """

    def __init__(self, start: float, factor: float, minimum: float = 0.0):
        super().__init__()
        if not (start > 0 and factor >= 1 and minimum >= 0):
            raise ValueError(
                "`start` must be positive, `factor` at least 1 and `minimum` not "
                f"negative. Received: {start}, {factor} and {minimum}"
            )
        self.start, self.factor, self.minimum = start, factor, minimum

    def __call__(self, step):
        decay = ops.exp(-math.log(self.factor) * ops.cast(step, "float32"))
        return ops.maximum(self.start * decay, self.minimum)

    def get_config(self):
        return {"start": self.start, "factor": self.factor, "minimum": self.minimum}
