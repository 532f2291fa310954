"""The discriminator of StyleGAN2: residual, with the deviation over the batch."""

import math
from collections.abc import Sequence

import keras
from keras import layers, ops

from keras_gan.architectures import heads
from keras_gan.architectures.stylegan2_stages import (
    ROOT_2,
    activate,
    embed_label,
    mapping_layers,
    plan,
)
from keras_gan.layers import (
    BilinearDownsample,
    EqualizedConv2D,
    EqualizedDense,
    MinibatchStdDev,
)
from keras_gan.validation import arguments

LABEL_LAYERS = 8


def stylegan2_discriminator(
    image_shape: Sequence[int] = (64, 64, 3),
    num_classes: int | None = None,
    width: int | Sequence[int] = 64,
    max_width: int = 512,
    group_size: int = 4,
    clip: float | None = None,
) -> keras.Model:
    """The discriminator of `stylegan2`: images to logits.

    Args:
        image_shape: `(height, width, channels)`, as in `stylegan2`.
        num_classes: int, for a network that takes a class label too.
        width: int, or ints in the generator's order, from the smallest stage to the
            largest.
        max_width: int, the most channels of a stage.
        group_size: int, how many images the standard deviation is taken over.
        clip: float, the largest absolute value of activations; None for no limit.

    Returns:
        A `keras.Model` from images, or from `[images, labels]`, to logits
        `(batch, 1)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    discriminator = keras_gan.architectures.stylegan2_discriminator(
        (16, 16, 3), width=8, max_width=16
    )
    discriminator(keras.ops.ones((4, 16, 16, 3))).shape  # (4, 1)
    ```

    Karras et al. 2019, arXiv:1912.04958.
    """
    image_shape, widths, _ = plan(image_shape, width, max_width)
    num_classes = arguments.num_classes(num_classes)
    num_stages = len(widths)

    images = keras.Input(image_shape, name="images")
    x = EqualizedConv2D(widths[-1], 1, name="from_images")(images)
    x = activate(x, "from_images", clip=clip)
    for stage in range(1, num_stages):  # 1 is the largest
        x = _stage(x, widths[-stage], widths[-stage - 1], f"stage_{stage}", clip)
    name, features = f"stage_{num_stages}", widths[0]
    x = MinibatchStdDev(group_size, dtype="float32", name=f"{name}_std_dev")(x)
    x = EqualizedConv2D(features, 3, dtype="float32", name=f"{name}_conv")(x)
    x = activate(x, f"{name}_conv", clip=clip, dtype="float32")
    x = layers.Flatten(data_format="channels_last", name="flatten")(x)
    x = EqualizedDense(features, dtype="float32", name="features")(x)
    x = activate(x, "features", dtype="float32")
    if num_classes is None:
        logits = EqualizedDense(1, dtype="float32", name="logits")(x)
        return keras.Model(images, logits, name="discriminator")
    labels = heads.label_input()
    wanted = embed_label(labels, num_classes, features)
    wanted = mapping_layers(wanted, features, LABEL_LAYERS)
    found = EqualizedDense(features, dtype="float32", name="projection")(x)
    match = layers.Dot(1, dtype="float32", name="conditional_match")([found, wanted])
    logits = ops.multiply(match, 1.0 / math.sqrt(features))
    return keras.Model([images, labels], logits, name="discriminator")


def _stage(x, filters, next_filters, name, clip):
    """Halve the size: two convolutions, beside a convolution of side 1."""
    skip = EqualizedConv2D(
        next_filters, 1, gain=1 / ROOT_2, use_bias=False, name=f"{name}_skip"
    )
    before = skip(BilinearDownsample(name=f"{name}_downsample")(x))
    x = EqualizedConv2D(filters, 3, name=f"{name}_conv_1")(x)
    x = activate(x, f"{name}_conv_1", clip=clip)
    x = EqualizedConv2D(next_filters, 3, downsample=True, name=f"{name}_conv_2")(x)
    x = activate(x, f"{name}_conv_2", 1 / ROOT_2, clip)
    return layers.Add(name=f"{name}_add")([before, x])
