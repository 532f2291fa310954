"""Learned bases: how a vector becomes a small feature map, and back."""

import keras
from keras import ops

_package = keras.saving.register_keras_serializable(package="keras_gan")


@_package
class BasisExpansion(keras.layers.Layer):
    """Make a feature map from a vector: each coefficient scales a learned map.

        y[h, w, c] = basis[h, w, c] x[c]

    Where a dense layer would need a weight for every pixel and every input, this
    has one for every pixel. The basis starts as N(0, 1).

    Args:
        height: int, of the feature map.
        width: int, of the feature map.

    Example:

    ```python
    layer = keras_gan.layers.BasisExpansion(4, 4)
    layer(keras.ops.ones((2, 64))).shape  # (2, 4, 4, 64)
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN
    Baseline", arXiv:2501.05441.
    """

    def __init__(self, height: int, width: int, **kwargs):
        super().__init__(**kwargs)
        self.height = height
        self.width = width

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.basis = self.add_weight(
            shape=(self.height, self.width, input_shape[-1]),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="basis",
        )

    def call(self, coefficients: keras.KerasTensor) -> keras.KerasTensor:
        return self.basis * coefficients[:, None, None, :]

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape[0], self.height, self.width, input_shape[-1]

    def get_config(self) -> dict:
        return {**super().get_config(), "height": self.height, "width": self.width}


@_package
class BasisProjection(keras.layers.Layer):
    """Make a vector from a feature map: its product with a learned map, by channel.

        y[c] = sum over h, w of basis[h, w, c] x[h, w, c]

    This is a depthwise convolution with a kernel as large as the feature map, and
    the counterpart of `BasisExpansion`. The basis starts as N(0, 1 / (h w)).

    Example:

    ```python
    layer = keras_gan.layers.BasisProjection()
    layer(keras.ops.ones((2, 4, 4, 64))).shape  # (2, 64)
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN
    Baseline", arXiv:2501.05441.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, height, width, channels = input_shape
        deviation = (height * width) ** -0.5
        self.basis = self.add_weight(
            shape=(height, width, channels),
            initializer=keras.initializers.RandomNormal(stddev=deviation),
            name="basis",
        )

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        return ops.sum(self.basis * features, axis=(1, 2))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape[0], input_shape[-1]
