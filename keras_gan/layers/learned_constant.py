"""A learned feature map that does not depend on the input."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class LearnedConstant(keras.layers.Layer):
    """Return one learned feature map for every example.

    A style-based generator starts from it: the latents act on the layers that follow.
    It starts as N(0, 1). Of its input the layer takes the size of the batch only.

    Args:
        height: int, of the feature map.
        width: int, of the feature map.
        channels: int.

    Example:

    ```python
    layer = keras_gan.layers.LearnedConstant(4, 4, 8)
    layer(keras.ops.ones((2, 64))).shape  # (2, 4, 4, 8)
    ```

    Karras et al. 2018, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", arXiv:1812.04948.
    """

    def __init__(self, height: int, width: int, channels: int, **kwargs):
        super().__init__(**kwargs)
        self.height = height
        self.width = width
        self.channels = channels

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.constant = self.add_weight(
            name="constant",
            shape=(self.height, self.width, self.channels),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        shape = (ops.shape(inputs)[0], self.height, self.width, self.channels)
        return ops.broadcast_to(self.constant, shape)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape[0], self.height, self.width, self.channels

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "channels": self.channels,
        }
