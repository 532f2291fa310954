"""Exponential moving average of the generator's weights.

The weights of a network in adversarial training oscillate around a solution. Their
average is closer to it.
"""

import contextlib
from typing import Any

import keras
from keras import ops

from keras_gan import backend
from keras_gan._repr import config_repr
from keras_gan._typing import Config, Setting, Tensor
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class EMA:
    """An exponential moving average of the generator's weights.

    A step on a batch of B images updates the average by

        average = decay * average + (1 - decay) * weights,
        decay = 1/2 ** (B / half_life).

    Weights that are not trainable are copied. Examples are the moving mean and
    variance of batch normalisation, which are averages already, but of activations
    under the trained weights. Early in training the averaged ones make others: with
    `recompute_images` the statistics are computed anew, for the average itself.

    Args:
        half_life: float, the number of training IMAGES after which the influence of
            a weight is halved. It is in images, not in steps, so it does not depend
            on the batch size. Or a schedule (`keras_gan.optimizers`) of the number
            of steps that the generator has taken. If its value is 0, the average is
            a copy of the generator.
        ramp_up: float, the half-life as a share of the images seen so far, where this
            is less than `half_life`: the average then forgets the first, bad
            generators. 0.05 in StyleGAN2-ADA; None for no ramp.
        recompute_images: int, of how many generated images the batch statistics of
            the average are computed anew, at the end of every epoch and before every
            evaluation (see `recompute_batch_statistics`); 0 to copy them. The cost is
            a pass of the generator over as many images.

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

    def __init__(
        self,
        half_life: Setting = 10_000,
        ramp_up: float | None = None,
        recompute_images: int = 0,
    ) -> None:
        self.half_life = check_setting("half_life", half_life)
        if half_life == 0:
            raise ValueError(
                "`half_life` counts training images and must be positive. "
                f"Received: {half_life}"
            )
        self.ramp_up = ramp_up
        if ramp_up is not None and not ramp_up > 0:
            raise ValueError(
                "`ramp_up` is a share of the images seen so far, such as 0.05, or "
                f"None. Received: {ramp_up}"
            )
        self.recompute_images = arguments.integer(
            "recompute_images", recompute_images, at_least=0
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
        clone = None
        if not _has_own_config(model):
            with contextlib.suppress(ValueError):  # a subclassed model
                clone = keras.models.clone_model(model)
        if clone is None:
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
            step: int, the number of steps before this one, all on batches of this
                size. Needed if the half-life is a schedule or has a ramp.
        """
        num_images = ops.cast(num_images * backend.num_replicas(), "float32")
        half_life = value_at(self.half_life, step)
        if self.ramp_up is not None:
            seen = ops.cast(step, "float32") * num_images
            half_life = ops.minimum(half_life, self.ramp_up * seen)
        decay = 0.5 ** (num_images / ops.maximum(half_life, 1e-6))
        trained = {id(variable) for variable in model.trainable_variables}
        pairs = list(zip(average.weights, model.weights, strict=True))
        averaged = [pair for pair in pairs if id(pair[1]) in trained]
        backend.move_averages([a for a, _ in averaged], [v for _, v in averaged], decay)
        for mean, variable in pairs:
            if id(variable) not in trained:
                # Not the same buffer: JAX gives those of a network away.
                mean.assign(ops.copy(variable.value))

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        half_life = keras.saving.serialize_keras_object(self.half_life)
        config = {"half_life": half_life, "ramp_up": self.ramp_up}
        if self.recompute_images:
            config["recompute_images"] = self.recompute_images
        return config

    @classmethod
    def from_config(cls, config: Config) -> "EMA":
        half_life = keras.saving.deserialize_keras_object(config["half_life"])
        recompute_images = config.get("recompute_images", 0)
        return cls(half_life, config.get("ramp_up"), recompute_images)


def _has_own_config(model):
    """Whether the class of a model says itself what it is made of."""
    kinds = type(model).__mro__
    own = [kind for kind in kinds if kind.__module__.split(".")[0] != "keras"]
    return any("get_config" in vars(kind) for kind in own)


def check_ema(ema: Any) -> EMA | None:
    """Return the argument `ema` of `compile`, or raise a `ValueError`."""
    if ema is not None and not hasattr(ema, "half_life"):
        raise ValueError(
            "`ema` must be `keras_gan.EMA(half_life=10_000)`, its half-life in "
            f"images. Received: {ema!r}"
        )
    return ema
