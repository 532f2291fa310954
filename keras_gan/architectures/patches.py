"""Between features and pixels: one pixel, or a square patch of them, at a time."""

import math

import keras
from keras import layers

from keras_gan.architectures.scaled import linear, scaled
from keras_gan.initializers import ICNR
from keras_gan.layers import BilinearUpsample, Conv2D, Conv2DTranspose


def from_pixels(
    filters: int, patch_size: int, is_smooth: bool, name: str
) -> keras.layers.Layer:
    """Return the layer from images to features, one for each patch.

    Args:
        filters: int, the number of features.
        patch_size: int, the side of a patch.
        is_smooth: bool, whether patches overlap.
        name: str.
    """
    if patch_size == 1:
        return linear(filters, name=name)
    return Conv2D(
        filters,
        2 * patch_size if is_smooth else patch_size,
        strides=patch_size,
        padding="same" if is_smooth else "valid",
        use_bias=False,
        kernel_initializer=scaled(1.0),
        name=name,
    )


def to_pixels(
    x: keras.KerasTensor, channels: int, patch_size: int, is_smooth: bool, name: str
) -> keras.KerasTensor:
    """Return images from the features of patches.

    Args:
        x: float tensor `(batch, height, width, features)`.
        channels: int, of the images.
        patch_size: int, the side of a patch.
        is_smooth: bool, whether patches overlap.
        name: str.
    """
    width = x.shape[-1]
    if patch_size == 1:
        return linear(channels, dtype="float32", name=name)(x)
    if is_smooth:
        return smooth_pixels(x, channels, patch_size, name)
    patches = Conv2DTranspose(
        channels,
        patch_size,
        strides=patch_size,
        use_bias=False,
        # Keras counts the fan-in of a transposed kernel on its other side.
        kernel_initializer=ICNR(keras.initializers.RandomNormal(stddev=width**-0.5)),
        dtype="float32",
        name=name,
    )
    return patches(x)


def smooth_pixels(
    x: keras.KerasTensor, channels: int, patch_size: int, name: str
) -> keras.KerasTensor:
    """Interpolate features to pixels, and convolve them to images."""
    for i in range(1, int(math.log2(patch_size)) + 1):
        x = BilinearUpsample(name=f"{name}_upsample_{i}")(x)
    convolution = layers.Conv2D(
        channels,
        3,
        padding="same",
        data_format="channels_last",
        use_bias=False,
        kernel_initializer=scaled(1.0),
        dtype="float32",
        name=name,
    )
    return convolution(x)
