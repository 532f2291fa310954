"""Pixel normalisation: each vector of features at one length."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class PixelNormalization(keras.layers.Layer):
    """Divide the features of each pixel by the root of their mean square.

        y[c] = x[c] / sqrt(mean over c of x[c]^2 + epsilon)

    The layer has no parameters, and does not mix examples. On vectors, such as latents,
    it is the projection to a sphere. The mean is taken in float32.

    Args:
        epsilon: float, added to the mean square.

    Example:

    ```python
    layer = keras_gan.layers.PixelNormalization()
    layer(keras.ops.array([[3.0, 3.0]]))  # [[1.0, 1.0]]
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        x = ops.cast(inputs, "float32")
        mean_square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return ops.cast(x * ops.rsqrt(mean_square + self.epsilon), inputs.dtype)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "epsilon": self.epsilon}
