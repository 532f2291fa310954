"""Convolutions of stride 2 next to the image, faster on a processor than Keras'."""

import keras
from keras import ops

from keras_gan import backend

FEW = 8

_package = keras.saving.register_keras_serializable(package="keras_gan")


@_package
class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D` with a faster gradient for its input.

    The mathematics and the weights are those of Keras' layer. In training on a
    processor under TensorFlow, with stride 2 and an image of up to 8 channels, the
    gradient with respect to the image, which every step of a generator and every
    gradient penalty asks for, is computed in another form; see
    `keras_gan/backend/tensorflow_strides.py`. Everywhere else it is Keras' layer.

    Args:
        *args: those of `keras.layers.Conv2D`.
        data_format: likewise; channels come last, whatever Keras' settings are.
        **kwargs: likewise.

    Example:

    ```python
    layer = keras_gan.layers.Conv2D(64, 5, strides=2, padding="same")
    layer(keras.ops.ones((2, 28, 28, 1))).shape  # (2, 14, 14, 64)
    ```
    """

    def __init__(self, *args, data_format="channels_last", **kwargs):
        super().__init__(*args, data_format=data_format, **kwargs)

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        _, height, width, channels = inputs.shape
        is_even = None not in (height, width) and height % 2 == width % 2 == 0
        if not (training and is_even and _has_other_form(self, channels)):
            return super().call(inputs)
        return _finished(self, backend.halve(inputs, self.kernel))


@_package
class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster where it makes an image.

    The mathematics and the weights are those of Keras' layer. In training on a
    processor under TensorFlow, with stride 2 and up to 8 outputs, as in the last
    layer of a DCGAN's generator, it is computed in another form; see
    `keras_gan/backend/tensorflow_strides.py`. Everywhere else it is Keras' layer.

    Args:
        *args: those of `keras.layers.Conv2DTranspose`.
        data_format: likewise; channels come last, whatever Keras' settings are.
        **kwargs: likewise.

    Example:

    ```python
    layer = keras_gan.layers.Conv2DTranspose(1, 5, strides=2, padding="same")
    layer(keras.ops.ones((2, 14, 14, 64))).shape  # (2, 28, 28, 1)
    ```
    """

    def __init__(self, *args, data_format="channels_last", **kwargs):
        super().__init__(*args, data_format=data_format, **kwargs)

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        if not (training and _has_other_form(self, self.filters)):
            return super().call(inputs)
        return _finished(self, backend.double(inputs, self.kernel))


def _has_other_form(layer: keras.layers.Layer, channels: int) -> bool:
    return (
        backend.has_fast_strides()
        and channels <= FEW
        and tuple(layer.strides) == (2, 2)
        and tuple(layer.dilation_rate) == (1, 1)
        and layer.padding == "same"
        and layer.data_format == "channels_last"
        and getattr(layer, "groups", 1) == 1
        and getattr(layer, "output_padding", None) is None
        and all(2 <= size <= 6 for size in layer.kernel_size)
    )


def _finished(
    layer: keras.layers.Layer, outputs: keras.KerasTensor
) -> keras.KerasTensor:
    if layer.use_bias:
        outputs = ops.add(outputs, layer.bias)
    return outputs if layer.activation is None else layer.activation(outputs)
