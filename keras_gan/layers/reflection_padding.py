"""Padding by reflection: an image goes on beyond its edges as in a mirror."""

import keras
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class ReflectionPadding2D(keras.layers.Layer):
    """Continue images beyond their edges by their mirror images.

    The pixels of the edge are not repeated: a row `1 2 3` padded by 2 becomes
    `3 2 1 2 3 2 1`. Zeros around an image, which convolutions pad with by themselves,
    show as a frame in images that a network changes only in part.

    Args:
        padding: int, how many pixels to add on every side.
        **kwargs: those of `keras.layers.Layer`.

    Example:

    ```python
    layer = keras_gan.layers.ReflectionPadding2D(3)
    layer(keras.ops.ones((2, 28, 28, 1))).shape  # (2, 34, 34, 1)
    ```

    As in Zhu et al. 2017, "Unpaired Image-to-Image Translation using
    Cycle-Consistent Adversarial Networks", arXiv:1703.10593.
    """

    def __init__(self, padding: int = 1, **kwargs):
        super().__init__(**kwargs)
        self.padding = arguments.integer("padding", padding)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        self._check(inputs.shape)
        both = (self.padding, self.padding)
        return ops.pad(inputs, [(0, 0), both, both, (0, 0)], mode="reflect")

    def _check(self, shape):
        if len(shape) != 4 or any(
            isinstance(side, int) and side <= self.padding for side in shape[1:3]
        ):
            raise ValueError(
                f"{self.name!r} reflects {self.padding} pixels at every edge of images "
                "(batch, height, width, channels), which must be larger than that. "
                f"Received: shape {tuple(shape)}. Use larger images."
            )

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        self._check(input_shape)
        batch, height, width, channels = input_shape
        height, width = (
            side if side is None else side + 2 * self.padding
            for side in (height, width)
        )
        return batch, height, width, channels

    def get_config(self) -> dict:
        return {**super().get_config(), "padding": self.padding}
