"""CycleGAN's generator: residual blocks at a quarter of the resolution."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.image_blocks import (
    check_multiple,
    drop,
    normal,
    normalize,
    padded_conv,
    upsample,
)
from keras_gan.layers import Conv2D, ReflectionPadding2D
from keras_gan.validation import arguments

SMALLEST = 8


def resnet_translator(
    image_shape: Sequence[int | None] = (256, 256, 3),
    out_channels: int | None = None,
    num_blocks: int = 9,
    width: int = 64,
    normalization: str = "instance",
    dropout: float = 0.0,
    upsampling: str = "transposed",
    name: str = "generator",
) -> keras.Model:
    """Translate images by residual blocks at a quarter of their resolution.

    A 7x7 convolution, two of stride 2, residual blocks of two 3x3 convolutions, two
    transposed convolutions, and a 7x7 convolution with tanh. All but the last are
    followed by a normalisation and ReLU. Edges are reflected. Kernels start as
    N(0, 0.02).

    The network is fully convolutional: with `(None, None, channels)` it takes images of
    any size, whose sides are multiples of 4.

    Args:
        image_shape: `(height, width, channels)` of what it takes; height and width are
            multiples of 4, or None for any.
        out_channels: int, the channels of what it makes; None for as many.
        num_blocks: int, how many residual blocks; 9 as published for 256 pixels, 6 for
            128 and fewer.
        width: int, the channels at full resolution.
        normalization: `"instance"`, as published, or `"batch"`.
        dropout: float, of the dropout within each block, which the paper leaves
            out.
        upsampling: `"transposed"`, as published, or `"nearest"`, which leaves no
            chequered pattern.
        name: str, of the network.

    Returns:
        A `keras.Model` from images `(batch, height, width, channels)` to images of the
        same size, in [-1, 1].

    Raises:
        ValueError: if the sides are no multiples of 4, or an argument is unknown.

    Example:

    ```python
    network = keras_gan.architectures.resnet_translator((64, 48, 3), width=8)
    network(keras.ops.ones((2, 64, 48, 3))).shape  # (2, 64, 48, 3)
    ```

    Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks", arXiv:1703.10593; the network from Johnson et al. 2016,
    "Perceptual Losses for Real-Time Style Transfer and Super-Resolution",
    arXiv:1603.08155.
    """
    image_shape = arguments.image_shape(image_shape, any_size=True)
    check_multiple("A `resnet_translator`", image_shape, 4)
    if any(side is not None and side < SMALLEST for side in image_shape[:2]):
        raise ValueError(
            f"A `resnet_translator` takes images of at least {SMALLEST} x {SMALLEST} "
            f"pixels. Received: image_shape={image_shape}. Enlarge the images."
        )
    channels = out_channels or image_shape[2]
    channels = arguments.integer("out_channels", channels)
    num_blocks = arguments.integer("num_blocks", num_blocks)
    width = arguments.integer("width", width)
    dropout = arguments.dropout(dropout)

    def finish(x: keras.KerasTensor, layer: str) -> keras.KerasTensor:
        x = normalize(x, normalization, f"{layer}_norm")
        return layers.ReLU(name=f"{layer}_relu")(x)

    x = images = keras.Input(image_shape, name="images")
    x = finish(_reflected_conv(x, width, 7, "from_images"), "from_images")
    for i in (1, 2):  # (batch, 64, 64, 256) for 256 x 256
        x = padded_conv(x, width << i, 3, 2, f"down_{i}_conv", use_bias=False)
        x = finish(x, f"down_{i}")
    for i in range(1, num_blocks + 1):
        x = _residual_block(x, normalization, dropout, f"block_{i}")
    for i in (1, 2):
        filters = width << (2 - i)
        x = upsample(x, filters, 3, upsampling, f"up_{i}_conv", use_bias=False)
        x = finish(x, f"up_{i}")
    outputs = _reflected_conv(
        x, channels, 7, "to_images", use_bias=True, activation="tanh", dtype="float32"
    )
    return keras.Model(images, outputs, name=name)


def _residual_block(
    x: keras.KerasTensor, normalization: str, dropout: float, name: str
) -> keras.KerasTensor:
    y = _reflected_conv(x, x.shape[-1], 3, f"{name}_conv_1")
    y = normalize(y, normalization, f"{name}_norm_1")
    y = layers.ReLU(name=f"{name}_relu")(y)
    y = drop(y, dropout, f"{name}_dropout")
    y = _reflected_conv(y, x.shape[-1], 3, f"{name}_conv_2")
    y = normalize(y, normalization, f"{name}_norm_2")
    return layers.Add(name=f"{name}_add")([x, y])


def _reflected_conv(
    x: keras.KerasTensor,
    filters: int,
    kernel_size: int,
    name: str,
    use_bias: bool = False,
    **kwargs,
) -> keras.KerasTensor:
    """Convolve with reflected edges; a bias before a normalisation would be undone."""
    x = ReflectionPadding2D(kernel_size // 2, name=f"{name}_padding")(x)
    return Conv2D(
        filters,
        kernel_size,
        use_bias=use_bias,
        padding="valid",
        name=name,
        **normal(),
        **kwargs,
    )(x)
