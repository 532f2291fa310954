"""Self-attention: every place of a feature map looks at all the others."""

import keras
from keras import ops

from keras_gan.layers.spectral_normalization import SpectralNormalization


@keras.saving.register_keras_serializable(package="keras_gan")
class SelfAttention(keras.layers.Layer):
    """Add to every place what it finds at the places that match it.

        y = x + gamma * W_o softmax(Q K^T) V,

    with 1 x 1 convolutions for the queries Q and keys K (an eighth of the
    channels), the values V (half) and the way back W_o. Keys and values are
    max-pooled to half the height and width. `gamma` starts at 0, and with it the
    layer as the identity; so in the first step gamma alone gets a gradient, and
    the convolutions from the second on.

    A convolution sees its neighbourhood only. With one such layer in the middle
    of a network, far parts of an image agree with each other.

    Args:
        spectral_norm: bool, whether the convolutions are spectrally normalised,
            as those around them in a discriminator may be.

    Example:

    ```python
    layer = keras_gan.layers.SelfAttention()
    layer(keras.ops.ones((2, 14, 14, 64))).shape  # (2, 14, 14, 64)
    ```

    Zhang et al. 2019, "Self-Attention Generative Adversarial Networks",
    arXiv:1805.08318.
    """

    def __init__(self, spectral_norm: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.spectral_norm = spectral_norm

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = input_shape[-1]
        self.query = self._pointwise(max(channels // 8, 1), "query")
        self.key = self._pointwise(max(channels // 8, 1), "key")
        self.value = self._pointwise(max(channels // 2, 1), "value")
        self.back = self._pointwise(channels, "back")
        for layer in (self.query, self.key, self.value):
            layer.build(input_shape)
        self.back.build((*input_shape[:-1], max(channels // 2, 1)))
        self.gamma = self.add_weight(name="gamma", shape=(), initializer="zeros")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        _, height, width, _ = inputs.shape
        queries = _as_rows(self.query(inputs))  # (batch, 196, 8) for 14 x 14 x 64
        keys = _as_rows(_pool(self.key(inputs)))  # (batch, 49, 8)
        values = _as_rows(_pool(self.value(inputs)))  # (batch, 49, 32)
        scores = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))
        found = ops.matmul(ops.softmax(scores), values)  # (batch, 196, 32)
        found = ops.reshape(found, (-1, height, width, values.shape[-1]))
        return inputs + self.gamma * self.back(found)

    def _pointwise(self, filters: int, name: str) -> keras.layers.Layer:
        layer = keras.layers.Conv2D(
            filters,
            1,
            use_bias=False,
            data_format="channels_last",
            name="layer" if self.spectral_norm else name,
            dtype=self.dtype_policy,
        )
        return SpectralNormalization(layer, name=name) if self.spectral_norm else layer

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "spectral_norm": self.spectral_norm}


def _as_rows(features):
    _, height, width, channels = features.shape
    return ops.reshape(features, (-1, height * width, channels))


def _pool(features):
    return ops.max_pool(features, 2, strides=2, data_format="channels_last")
