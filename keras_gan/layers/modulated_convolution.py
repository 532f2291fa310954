"""A convolution whose kernel is scaled by a style, for each example another."""

import math

import keras
from keras import ops

from keras_gan.layers.equalized import convolve, odd_side
from keras_gan.layers.resample import blur_after_doubling
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class ModulatedConv2D(keras.layers.Layer):
    """A convolution that each example's style modulates, and that normalises itself.

    With the style s of an example, one number for each input channel i, the kernel of
    this example is

        W'[k, i, o] = s[i] W[k, i, o],
        W''[k, i, o] = W'[k, i, o] / sqrt(sum over k, i of W'[k, i, o]^2 + 1e-8).

    The second line is the demodulation: outputs keep the size of inputs that are noise
    of one size, whatever the style is. So a style acts on the layer that it is given
    to, and not on all that follow.

    No example needs a kernel of its own: to scale the channels that go in, convolve
    with W, and scale the channels that come out is the same. This is as fast as a
    plain convolution on every backend, needs no grouped convolution, and can be
    differentiated twice.

    With `upsample` height and width are doubled: a transposed convolution of stride 2
    is blurred with [1, 3, 3, 1].

    Args:
        filters: int, the number of output channels.
        kernel_size: int, the side of the kernel, an odd number.
        demodulate: bool, whether to normalise as above; else the kernel is divided by
            the root of its number of inputs, as in `EqualizedConv2D`.
        upsample: bool, whether height and width are doubled. The kernel then has a
            side of 3.
        use_bias: bool.

    The layer is called on `[features, styles]`: `(batch, height, width, channels)` and
    `(batch, channels)`. In float16 styles are divided by their largest value first,
    which demodulation makes up for.

    Raises:
        ValueError: if the side of the kernel is even, or is not 3 where the features
            are upsampled; and if there is not one style for each channel.

    Example:

    ```python
    layer = keras_gan.layers.ModulatedConv2D(8, 3, upsample=True)
    features, styles = keras.ops.ones((2, 4, 4, 5)), keras.ops.ones((2, 5))
    layer([features, styles]).shape  # (2, 8, 8, 8)
    ```

    Karras et al. 2019, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        demodulate: bool = True,
        upsample: bool = False,
        use_bias: bool = True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = arguments.integer("filters", filters)
        self.kernel_size = odd_side(kernel_size, needs_3=upsample)
        self.demodulate = demodulate
        self.upsample = upsample
        self.use_bias = use_bias

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        (*_, channels), styles = input_shape
        if styles[-1] != channels:
            raise ValueError(
                f"The features have {channels} channels, and there are {styles[-1]} "
                "styles for each example. Give each channel one style."
            )
        shape = (self.kernel_size, self.kernel_size, channels, self.filters)
        # Scaled when used, as in `EqualizedConv2D`.
        self.scale = 1.0 / math.sqrt(math.prod(shape[:-1]))
        self.kernel = self.add_weight(
            name="kernel",
            shape=shape,
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.filters,), initializer="zeros"
            )

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        features, styles = inputs
        if self.demodulate and self.compute_dtype == "float16":
            styles = styles / ops.max(ops.abs(styles), axis=1, keepdims=True)
        outputs = self._convolve(features * _per_channel(styles))
        if self.demodulate:
            outputs = outputs * _per_channel(self._demodulation(styles))
        return outputs if self.bias is None else outputs + self.bias

    def _convolve(self, features):
        kernel = self.kernel * self.scale
        if not self.upsample:
            return convolve(features, kernel)
        kernel = ops.transpose(kernel, (0, 1, 3, 2))
        doubled = ops.conv_transpose(
            features, kernel, 2, "valid", data_format="channels_last"
        )
        return blur_after_doubling(doubled)

    def _demodulation(self, styles):
        """Return the factor of each output channel, `(batch, filters)`."""
        kernel, styles = ops.cast(self.kernel, "float32"), ops.cast(styles, "float32")
        squares = ops.sum(ops.square(kernel), axis=(0, 1))  # (channels, filters)
        norms = ops.matmul(ops.square(styles), squares)  # (batch, filters)
        # The kernel that convolves is scaled already.
        return ops.cast(ops.rsqrt(norms + 1e-8) / self.scale, self.compute_dtype)

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        batch, *size, _ = input_shape[0]
        if self.upsample:
            size = [2 * side for side in size]
        return (batch, *size, self.filters)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "demodulate": self.demodulate,
            "upsample": self.upsample,
            "use_bias": self.use_bias,
        }


def _per_channel(factors):
    return factors[:, None, None, :]
