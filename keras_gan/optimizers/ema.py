"""Exponential moving average of the generator's weights.

The weights of a network in adversarial training oscillate around a solution. Their
average is closer to it.
"""

from typing import Any

import keras
from keras import ops

from keras_gan import backend
from keras_gan._repr import config_repr
from keras_gan._typing import Config, Setting, Tensor
from keras_gan.optimizers.schedules import check_setting, value_at


@keras.saving.register_keras_serializable(package="keras_gan")
class EMA:
    """An exponential moving average of the generator's weights.

    A step on a batch of B images updates the average by

        average = decay * average + (1 - decay) * weights,
        decay = 1/2 ** (B / half_life).

    Weights that are not trainable are copied. Examples are the moving mean and
    variance of batch normalisation, which are averages already.

    Args:
        half_life: float, the number of training IMAGES after which the influence of
            a weight is halved. It is in images, not in steps, so it does not depend
            on the batch size. Or a schedule (`keras_gan.optimizers`) of the number
            of steps that the generator has taken. If its value is 0, the average is
            a copy of the generator.

    Example:

    ```python
    gan.compile(ema=keras_gan.EMA(half_life=10_000))
    gan.fit(dataset)
    gan.generate(16)  # uses the average; gan.generator is the trained network
    ```

    Yazici et al. 2019, "The Unusual Effectiveness of Averaging in GAN
    Training", arXiv:1806.04498; the half-life in images from Karras et al.
    2018, arXiv:1710.10196.
    """

    def __init__(self, half_life: Setting = 10_000) -> None:
        self.half_life = check_setting("half_life", half_life)
        if half_life == 0:
            raise ValueError(
                "`half_life` counts training images and must be positive. "
                f"Received: {half_life}"
            )

    def clone(self, model: keras.Model, inputs: Any) -> keras.Model:
        """Return a copy of a model with the same weights, which is not trained.

        Args:
            model: the `keras.Model` to average.
            inputs: symbolic inputs, `keras.KerasTensor`s. They build the copy if the
                model is a subclass of `keras.Model`.

        Returns:
            A `keras.Model`.
        """
        try:
            clone = keras.models.clone_model(model)
        except ValueError:  # a subclassed model
            clone = type(model).from_config(model.get_config())
            clone(inputs)
        clone.trainable = False
        clone.set_weights(model.get_weights())
        return clone

    def update(
        self,
        average: keras.Model,
        model: keras.Model,
        num_images: Tensor,
        step: Tensor = 0,
    ) -> None:
        """Update the average after a training step on a batch of images.

        Args:
            average: the model that `clone` returned.
            model: the model that is trained.
            num_images: int, the size of the batch. Under `tf.distribute`, the size
                of this replica's part; all parts have the same size.
            step: int, the number of steps before this one. Needed if the half-life
                is a schedule.
        """
        num_images = num_images * backend.num_replicas()
        half_life = ops.maximum(value_at(self.half_life, step), 1e-6)
        decay = 0.5 ** (ops.cast(num_images, "float32") / half_life)
        trained = {id(variable) for variable in model.trainable_variables}
        pairs = list(zip(average.weights, model.weights, strict=True))
        averaged = [pair for pair in pairs if id(pair[1]) in trained]
        backend.move_averages([a for a, _ in averaged], [v for _, v in averaged], decay)
        for mean, variable in pairs:
            if id(variable) not in trained:
                mean.assign(variable.value)

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {"half_life": keras.saving.serialize_keras_object(self.half_life)}

    @classmethod
    def from_config(cls, config: Config) -> "EMA":
        return cls(keras.saving.deserialize_keras_object(config["half_life"]))


def check_ema(ema: Any) -> EMA | None:
    """Return the argument `ema` of `compile`, or raise a `ValueError`."""
    if ema is not None and not hasattr(ema, "half_life"):
        raise ValueError(
            "`ema` must be `keras_gan.EMA(half_life=10_000)`, its half-life in "
            f"images. Received: {ema!r}"
        )
    return ema
