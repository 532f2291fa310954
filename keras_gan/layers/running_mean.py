"""The mean of what a layer has seen in training."""

import keras
from keras import ops

from keras_gan import backend


@keras.saving.register_keras_serializable(package="keras_gan")
class RunningMean(keras.layers.Layer):
    """Follow the mean of vectors in training; pass them on unchanged.

        mean = decay * mean + (1 - decay) * mean of the batch

    The mean is a weight that is saved and not trained. A mapping network ends in this
    layer: the mean of its outputs is the centre that styles are truncated towards.
    Under `tf.distribute` the batch is that of all replicas.

    Args:
        decay: float from 0 to 1.

    Example:

    ```python
    layer = keras_gan.layers.RunningMean(decay=0.5)
    layer(keras.ops.ones((4, 2)), training=True)
    layer.mean  # [0.5, 0.5]
    ```

    Karras et al. 2018, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", arXiv:1812.04948.
    """

    def __init__(self, decay: float = 0.995, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= decay < 1:
            raise ValueError(
                f"`decay` must be at least 0 and below 1. Received: {decay}"
            )
        self.decay = decay

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.mean = self.add_weight(
            name="mean",
            shape=(input_shape[-1],),
            initializer="zeros",
            trainable=False,
            dtype="float32",
            autocast=False,
        )

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        if training:
            seen = ops.mean(ops.cast(ops.stop_gradient(inputs), "float32"), axis=0)
            (seen,) = backend.mean_over_replicas([seen])
            self.mean.assign(seen + self.decay * (self.mean.value - seen))
        return inputs

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "decay": self.decay}
