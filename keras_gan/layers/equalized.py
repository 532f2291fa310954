"""Layers with an equalised learning rate: weights of one scale, whatever their size."""

import math

import keras
from keras import ops

from keras_gan.layers.convolution import multiply_pixels
from keras_gan.layers.resample import blur_to_halve
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")


class _Equalized(keras.layers.Layer):
    """A kernel that is stored with a standard deviation of 1 and scaled when used.

    Adam and its relatives move every weight by about the learning rate. A weight that
    starts at N(0, 1) then learns at the same relative speed in every layer.
    """

    def __init__(
        self, gain, learning_rate_multiplier, use_bias, bias_initializer, **kwargs
    ):
        super().__init__(**kwargs)
        self.gain = gain
        self.learning_rate_multiplier = _positive(learning_rate_multiplier)
        self.use_bias = use_bias
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def add_kernel(self, shape: tuple[int, ...]) -> None:
        """Add a kernel, whose last axis is that of the outputs, and a bias."""
        deviation = 1.0 / self.learning_rate_multiplier
        self.scale = self.gain / (deviation * math.sqrt(math.prod(shape[:-1])))
        self.kernel = self.add_weight(
            name="kernel",
            shape=shape,
            initializer=keras.initializers.RandomNormal(stddev=deviation),
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=shape[-1:], initializer=self.bias_initializer
            )

    def add_bias(self, outputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return outputs with the bias, times the multiplier, or as they are."""
        if self.bias is None:
            return outputs
        return outputs + self.bias * self.learning_rate_multiplier

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "gain": self.gain,
            "learning_rate_multiplier": self.learning_rate_multiplier,
            "use_bias": self.use_bias,
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }


@_package
class EqualizedDense(_Equalized):
    """A dense layer with an equalised learning rate.

        y = x W gain m / sqrt(inputs) + b m,    W ~ N(0, 1 / m^2)

    with the learning rate multiplier m. The outputs start with `gain` times the size
    of the inputs. Where m is small, as the 0.01 of a mapping network, the layer learns
    as slowly as with a learning rate of m times the optimizer's.

    Args:
        units: int, the number of outputs.
        gain: float, a factor of the kernel.
        learning_rate_multiplier: float, m above.
        use_bias: bool.
        bias_initializer: for the bias, before it is multiplied by m.

    Example:

    ```python
    layer = keras_gan.layers.EqualizedDense(8)
    layer(keras.ops.ones((2, 5))).shape  # (2, 8)
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196.
    """

    def __init__(
        self,
        units: int,
        gain: float = 1.0,
        learning_rate_multiplier: float = 1.0,
        use_bias: bool = True,
        bias_initializer: str | keras.initializers.Initializer = "zeros",
        **kwargs,
    ):
        super().__init__(
            gain, learning_rate_multiplier, use_bias, bias_initializer, **kwargs
        )
        self.units = arguments.integer("units", units)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.add_kernel((input_shape[-1], self.units))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return self.add_bias(ops.matmul(inputs, self.kernel * self.scale))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {**super().get_config(), "units": self.units}


@_package
class EqualizedConv2D(_Equalized):
    """A convolution with an equalised learning rate, "same" padding and stride 1.

        y = x * W gain / sqrt(inputs) + b,    W ~ N(0, 1)

    where `inputs` counts the values that go into one output: kernel height times
    kernel width times channels.

    With `downsample` the images are blurred with [1, 3, 3, 1] before a convolution of
    stride 2, so that fine patterns do not turn into coarse ones.

    Args:
        filters: int, the number of output channels.
        kernel_size: int, the side of the kernel, an odd number.
        downsample: bool, whether height and width are halved. The kernel then has a
            side of 3; for a side of 1, put a `BilinearDownsample` before the layer.
        gain: float, a factor of the kernel.
        learning_rate_multiplier: float, as in `EqualizedDense`.
        use_bias: bool.
        bias_initializer: for the bias.

    Raises:
        ValueError: if the side of the kernel is even, or is not 3 where the images
            are downsampled; and on images whose odd height or width cannot be halved.

    Example:

    ```python
    layer = keras_gan.layers.EqualizedConv2D(8, 3, downsample=True)
    layer(keras.ops.ones((2, 16, 16, 3))).shape  # (2, 8, 8, 8)
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196; the blur from Karras et al. 2019, "Analyzing and
    Improving the Image Quality of StyleGAN", arXiv:1912.04958.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        downsample: bool = False,
        gain: float = 1.0,
        learning_rate_multiplier: float = 1.0,
        use_bias: bool = True,
        bias_initializer: str | keras.initializers.Initializer = "zeros",
        **kwargs,
    ):
        super().__init__(
            gain, learning_rate_multiplier, use_bias, bias_initializer, **kwargs
        )
        self.filters = arguments.integer("filters", filters)
        self.kernel_size = odd_side(kernel_size, needs_3=downsample)
        self.downsample = downsample

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, height, width, channels = input_shape
        if self.downsample and (height % 2 or width % 2):
            raise ValueError(
                "EqualizedConv2D(downsample=True) halves height and width, which must "
                f"be even. Received: {height} x {width}. Pad or resize the images "
                "first."
            )
        self.add_kernel((self.kernel_size, self.kernel_size, channels, self.filters))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        kernel = self.kernel * self.scale
        if self.downsample:
            blurred = blur_to_halve(inputs)
            return self.add_bias(convolve(blurred, kernel, 2, "valid"))
        return self.add_bias(convolve(inputs, kernel))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        batch, *size, _ = input_shape
        if self.downsample:
            size = [side // 2 for side in size]
        return (batch, *size, self.filters)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "downsample": self.downsample,
        }


def convolve(
    images: keras.KerasTensor,
    kernel: keras.KerasTensor,
    strides: int = 1,
    padding: str = "same",
) -> keras.KerasTensor:
    """Convolve images, channels last, with a kernel `(height, width, in, out)`."""
    if kernel.shape[0] == kernel.shape[1] == strides == 1:
        return multiply_pixels(images, kernel)
    return ops.conv(images, kernel, strides, padding, data_format="channels_last")


def odd_side(kernel_size: int, needs_3: bool) -> int:
    """Return the side of a kernel, if it is odd, and 3 where it must be."""
    kernel_size = arguments.integer("kernel_size", kernel_size)
    if needs_3 and kernel_size != 3:
        raise ValueError(
            "A convolution that changes the size of images has a `kernel_size` of 3. "
            f"Received: {kernel_size}. For a side of 1, use `BilinearUpsample` or "
            "`BilinearDownsample` beside a layer that keeps the size."
        )
    if kernel_size % 2 == 0:
        raise ValueError(
            f"`kernel_size` must be an odd number. Received: {kernel_size}"
        )
    return kernel_size


def _positive(multiplier):
    if not multiplier > 0:
        raise ValueError(
            f"`learning_rate_multiplier` must be positive. Received: {multiplier}"
        )
    return multiplier
