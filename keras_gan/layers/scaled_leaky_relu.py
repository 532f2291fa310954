"""LeakyReLU with a gain, for layers with an equalised learning rate."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class ScaledLeakyReLU(keras.layers.Layer):
    """`gain * leaky_relu(x)`, clipped where asked.

    LeakyReLU halves the mean square of noise. The default gain, the root of 2, makes up
    for that, so that activations keep their size from layer to layer.

    Args:
        negative_slope: float, the slope below 0.
        gain: float.
        clip: float, the largest absolute value of an output; None for no limit. Half
            precision needs one: 256 in the published networks.

    Example:

    ```python
    layer = keras_gan.layers.ScaledLeakyReLU(0.25, gain=2.0)
    layer(keras.ops.array([-1.0, 1.0]))  # [-0.5, 2.0]
    ```

    Karras et al. 2019, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958.
    """

    def __init__(
        self,
        negative_slope: float = 0.2,
        gain: float = math.sqrt(2),
        clip: float | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.negative_slope = negative_slope
        self.gain = gain
        self.clip = clip

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        outputs = ops.leaky_relu(inputs, self.negative_slope) * self.gain
        if self.clip is None:
            return outputs
        return ops.clip(outputs, -self.clip, self.clip)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "negative_slope": self.negative_slope,
            "gain": self.gain,
            "clip": self.clip,
        }
