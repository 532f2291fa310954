"""A clip to the range of images, at inference only."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class ClipAtInference(keras.layers.Layer):
    """Clip to a range at inference; in training, pass everything on.

    For generators that end in a linear layer: the discriminator sees, and
    penalises, values out of range, which a clipped image would hide together
    with the gradient; users get images in range.

    Args:
        low: float, the least value.
        high: float, the largest.

    Example:

    ```python
    layer = keras_gan.layers.ClipAtInference()
    layer(keras.ops.array([3.0]))  # [1.0]
    layer(keras.ops.array([3.0]), training=True)  # [3.0]
    ```
    """

    def __init__(self, low: float = -1.0, high: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.low = low
        self.high = high

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        return inputs if training else ops.clip(inputs, self.low, self.high)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "low": self.low, "high": self.high}
