"""Batch normalisation with parameters for each class."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class ConditionalBatchNormalization(keras.layers.Layer):
    """Batch normalisation with a scale and an offset for each class.

        y = gamma[label] * (x - mean) / sqrt(variance + epsilon) + beta[label]

    The mean and the variance are those of the whole batch, whatever its classes,
    and in inference the moving ones. A generator of such layers draws every
    class with the same features and mixes them differently.

    Args:
        num_classes: int.
        momentum: float, for the moving mean and variance, as in
            `keras.layers.BatchNormalization`.
        epsilon: float, added to the variance.
        gamma_initializer: for the scales, `(num_classes, channels)`.

    Example:

    ```python
    layer = keras_gan.layers.ConditionalBatchNormalization(num_classes=10)
    images, labels = keras.ops.ones((2, 7, 7, 64)), keras.ops.array([3, 8])
    layer([images, labels]).shape  # (2, 7, 7, 64)
    ```

    Dumoulin et al. 2017, "A Learned Representation For Artistic Style",
    arXiv:1610.07629; de Vries et al. 2017, "Modulating early visual processing by
    language", arXiv:1707.00683.
    """

    def __init__(
        self,
        num_classes: int,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        gamma_initializer: str | keras.initializers.Initializer = "ones",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_classes = num_classes
        self.gamma_initializer = keras.initializers.get(gamma_initializer)
        self.normalization = keras.layers.BatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            center=False,
            scale=False,
            dtype=self.dtype_policy,
            name="normalization",
        )

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        features, _ = input_shape
        shape = (self.num_classes, features[-1])
        self.normalization.build(features)
        self.gamma = self.add_weight(
            name="gamma", shape=shape, initializer=self.gamma_initializer
        )
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")

    def call(
        self, inputs: list[keras.KerasTensor], training: bool = False
    ) -> keras.KerasTensor:
        features, labels = inputs
        per_image = (-1, *[1] * (len(features.shape) - 2), features.shape[-1])
        gamma = ops.reshape(ops.take(self.gamma, labels, axis=0), per_image)
        beta = ops.reshape(ops.take(self.beta, labels, axis=0), per_image)
        return gamma * self.normalization(features, training=training) + beta

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape[0]

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "momentum": self.normalization.momentum,
            "epsilon": self.normalization.epsilon,
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
        }
