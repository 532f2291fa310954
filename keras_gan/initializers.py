"""Initializers that Keras lacks."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class ICNR(keras.initializers.Initializer):
    """Start a kernel equal at every place, so that its patches of pixels are flat.

    A transposed convolution whose stride is its kernel size writes a patch of
    pixels for every one it reads. Drawn independently, the weights of the patch's
    pixels put one and the same chequered pattern on every image: a discriminator
    finds it at once, and wins before the generator has unlearned it. With this start
    the layer repeats each pixel, like an upsampling to nearest neighbours, and
    learns from there what the patch holds.

    Args:
        initializer: str or `keras.initializers.Initializer`, for the weights of one
            place, of shape `(1, 1, ...)`.

    Raises:
        ValueError: if Keras knows no such initializer, or for a kernel of another
            rank.

    Example:

    ```python
    layer = keras.layers.Conv2DTranspose(
        3, 2, strides=2, kernel_initializer=keras_gan.initializers.ICNR("he_normal")
    )
    images = layer(keras.random.normal((1, 8, 8, 16)))  # (1, 16, 16, 3), in 2 x 2
    ```

    Aitken et al. 2017, "Checkerboard artifact free sub-pixel convolution",
    arXiv:1707.02937.
    """

    def __init__(
        self, initializer: str | keras.initializers.Initializer = "glorot_uniform"
    ):
        if initializer is None:
            raise ValueError("`initializer` must be given. Received: None")
        self.initializer = keras.initializers.get(initializer)

    def __call__(
        self, shape: tuple[int, ...], dtype: str | None = None
    ) -> keras.KerasTensor:
        if len(shape) != 4:
            raise ValueError(
                "`ICNR` starts kernels of two-dimensional convolutions, of shape "
                f"(height, width, channels, channels). Received: shape={tuple(shape)}"
            )
        height, width, *channels = shape
        one_place = self.initializer((1, 1, *channels), dtype=dtype)
        return ops.tile(one_place, (height, width, 1, 1))

    def get_config(self) -> dict:
        return {"initializer": keras.initializers.serialize(self.initializer)}
