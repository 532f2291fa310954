"""The sizes and widths of the stages of StyleGAN2, and its mapping layers."""

import math
import numbers
from collections.abc import Sequence

import keras
from keras import ops

from keras_gan.layers import EqualizedDense, PixelNormalization, ScaledLeakyReLU
from keras_gan.validation import arguments

MAPPING_RATE = 0.01  # the learning rate multiplier of mapping networks
ROOT_2 = math.sqrt(2)


def plan(
    image_shape: Sequence[int], width: int | Sequence[int], max_width: int
) -> tuple[tuple[int, int, int], tuple[int, ...], tuple[int, int]]:
    """Return the checked image shape, the widths by stage and the smallest size.

    Stages go from the smallest to the largest.

    Raises:
        ValueError: if the image cannot be halved as often as there are stages.
    """
    image_shape = arguments.image_shape(image_shape)
    height, image_width, _ = image_shape
    if isinstance(width, numbers.Number):
        width = arguments.integer("width", width)
        max_width = arguments.integer("max_width", max_width)
        num_stages = _num_stages(height, image_width)
        widths = tuple(
            min(width * 2**stage, max_width) for stage in reversed(range(num_stages))
        )
    else:
        widths = arguments.integers("width", width)
    factor = 2 ** (len(widths) - 1)
    if height % factor or image_width % factor:
        raise ValueError(
            f"{len(widths)} stages, each half the one before, need a height and a "
            f"width divisible by {factor}. Received: {height} x {image_width}. Pass "
            "fewer stages in `width`, or resize the images, for instance to "
            f"{-(-height // factor) * factor} x {-(-image_width // factor) * factor}."
        )
    return image_shape, widths, (height // factor, image_width // factor)


def _num_stages(height, width):
    num_stages = 1
    while height % 2 == 0 and width % 2 == 0 and min(height, width) >= 8:
        height, width = height // 2, width // 2
        num_stages += 1
    return num_stages


def embed_label(
    labels: keras.KerasTensor, num_classes: int, size: int
) -> keras.KerasTensor:
    """Return a learned vector for each label, at one length: `(batch, size)`."""
    one_hot = ops.one_hot(labels, num_classes)
    embedding = EqualizedDense(size, dtype="float32", name="label_embedding")(one_hot)
    return PixelNormalization(dtype="float32", name="label_normalization")(embedding)


def mapping_layers(
    x: keras.KerasTensor, units: int, num_layers: int
) -> keras.KerasTensor:
    """Add the dense layers of a mapping network, which learn slowly, in float32."""
    for i in range(1, num_layers + 1):
        dense = EqualizedDense(
            units,
            learning_rate_multiplier=MAPPING_RATE,
            dtype="float32",
            name=f"mapping_{i}",
        )
        x = ScaledLeakyReLU(dtype="float32", name=f"mapping_{i}_leaky_relu")(dense(x))
    return x


def activate(
    x: keras.KerasTensor,
    name: str,
    gain: float = 1.0,
    clip: float | None = None,
    **kwargs,
) -> keras.KerasTensor:
    """Apply LeakyReLU with the root of 2 times a gain, after the layer of a name."""
    clip = None if clip is None else clip * gain
    activation = ScaledLeakyReLU(
        gain=ROOT_2 * gain, clip=clip, name=f"{name}_leaky_relu", **kwargs
    )
    return activation(x)
