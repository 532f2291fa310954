"""A quarter of each image or feature map, by its place in the batch."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class Quadrant(keras.layers.Layer):
    """Return one quadrant of each example: of example i that of number i modulo 4.

    The quadrants are top left, top right, bottom left and bottom right. Nothing is
    random, so that two calls take the same quadrants: of images, and of the features
    of these images. Over shuffled batches every quadrant is seen equally often.

    Args:
        **kwargs: those of `keras.layers.Layer`.

    Raises:
        ValueError: if a side is odd or not known.

    Example:

    ```python
    layer = keras_gan.layers.Quadrant()
    layer(keras.ops.ones((5, 8, 12, 3))).shape  # (5, 4, 6, 3)
    ```
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        sides = tuple(input_shape)[1:3]
        if len(input_shape) != 4 or any(side is None or side % 2 for side in sides):
            raise ValueError(
                "Quadrant takes images (batch, height, width, channels) with even "
                f"sides of a known size. Received: shape {tuple(input_shape)}"
            )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return quadrants(inputs)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        batch, height, width, channels = input_shape
        return batch, height // 2, width // 2, channels


def quadrants(images: keras.KerasTensor) -> keras.KerasTensor:
    """Return one quadrant of each image, as the layer `Quadrant` does.

    Args:
        images: tensor `(batch, height, width, channels)` with even sides.

    Returns:
        A tensor `(batch, height / 2, width / 2, channels)`.

    Example:

    ```python
    keras_gan.layers.quadrants(keras.ops.ones((5, 8, 12, 3))).shape  # (5, 4, 6, 3)
    ```
    """
    height, width = (side // 2 for side in images.shape[1:3])
    index = ops.arange(ops.shape(images)[0]) % 4
    index = ops.reshape(index, (-1, 1, 1, 1))
    half = ops.where(index < 2, images[:, :height], images[:, height:])
    return ops.where(index % 2 == 0, half[:, :, :width], half[:, :, width:])
