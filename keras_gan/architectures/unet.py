"""pix2pix's generator: an encoder and a decoder that share every resolution."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.image_blocks import (
    check_multiple,
    drop,
    normalize,
    padded_conv,
    upsample,
)
from keras_gan.validation import arguments

DEEPEST, SHALLOWEST = 8, 3  # halvings, where none are asked for


def unet(
    image_shape: Sequence[int | None] = (256, 256, 3),
    out_channels: int | None = None,
    width: int = 64,
    depth: int | None = None,
    dropout: float = 0.5,
    normalization: str = "batch",
    upsampling: str = "transposed",
    name: str = "generator",
) -> keras.Model:
    """Translate images by halving them to a point, and doubling them again.

    Each halving is a 4x4 convolution of stride 2, each doubling a transposed one. At
    every resolution the decoder also gets what the encoder had, so that edges stay
    where they are. The channels double at every halving, up to 8 times the width.
    LeakyReLU(0.2) comes before the convolutions of the encoder, ReLU before those of
    the decoder, and a normalisation after all but the first, the innermost and the
    last. Kernels start as N(0, 0.02).

    Dropout is the only noise. It is in the decoder where the width is largest: in the
    doublings from the fifth level on, except the innermost. A network of fewer than 6
    halvings has none.

    Args:
        image_shape: `(height, width, channels)` of what it takes; height and width are
            multiples of `2**depth`, not necessarily equal, or None for any such size.
        out_channels: int, the channels of what it makes; None for as many.
        width: int, the channels after the first halving.
        depth: int, how many halvings; None for as many as both sides allow, at most 8:
            6 for 64 x 64, 8 for 256 x 256, 4 for 64 x 48.
        dropout: float from 0 to 1.
        normalization: `"batch"`, as published, or `"instance"`, which is what batch
            normalisation by the statistics of one image, the paper's at test time, is.
        upsampling: `"transposed"`, as published, or `"nearest"`, which leaves no
            chequered pattern.
        name: str, of the network.

    Returns:
        A `keras.Model` from images `(batch, height, width, channels)` to images of the
        same size, in [-1, 1].

    Raises:
        ValueError: if the sides cannot be halved so often, or an argument is unknown.

    Example:

    ```python
    network = keras_gan.architectures.unet((64, 48, 3), width=8)
    network(keras.ops.ones((2, 64, 48, 3))).shape  # (2, 64, 48, 3)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004; the network from Ronneberger et al. 2015, "U-Net:
    Convolutional Networks for Biomedical Image Segmentation", arXiv:1505.04597.
    """
    image_shape = arguments.image_shape(image_shape, any_size=True)
    depth = _depth(image_shape, depth)
    channels = out_channels or image_shape[2]
    channels = arguments.integer("out_channels", channels)
    width = arguments.integer("width", width)
    dropout = arguments.dropout(dropout)
    widths = [width * min(2**level, 8) for level in range(depth)]

    x = images = keras.Input(image_shape, name="images")
    skips = []
    for level, filters in enumerate(widths, start=1):
        if level > 1:
            x = layers.LeakyReLU(0.2, name=f"down_{level}_leaky_relu")(x)
        is_normalized = 1 < level < depth
        # A bias before a normalisation would be undone by it.
        use_bias = normalization == "instance" and not is_normalized
        x = padded_conv(x, filters, 4, 2, f"down_{level}_conv", use_bias=use_bias)
        if is_normalized:
            x = normalize(x, normalization, f"down_{level}_norm")
        skips.append(x)
    skips.pop()  # the innermost is what the decoder begins with
    for level in range(depth, 1, -1):
        x = layers.ReLU(name=f"up_{level}_relu")(x)
        filters = widths[level - 2]
        x = upsample(x, filters, 4, upsampling, f"up_{level}_conv", use_bias=False)
        x = normalize(x, normalization, f"up_{level}_norm")
        if 5 <= level < depth:
            x = drop(x, dropout, f"up_{level}_dropout")
        x = layers.Concatenate(name=f"up_{level}_skip")([skips.pop(), x])
    x = layers.ReLU(name="to_images_relu")(x)
    outputs = upsample(
        x, channels, 4, upsampling, "to_images", activation="tanh", dtype="float32"
    )
    return keras.Model(images, outputs, name=name)


def _depth(image_shape: tuple[int | None, int | None, int], depth: int | None) -> int:
    """Return a depth that fits the sides of the images."""
    if depth is not None:
        depth = arguments.integer("depth", depth, at_least=2)
        check_multiple(f"A U-Net of {depth} halvings", image_shape, 2**depth)
        return depth
    sides = [side for side in image_shape[:2] if side is not None]
    if not sides:
        raise ValueError(
            "For images of any size nothing says how often a U-Net halves them. Pass "
            "`depth`, such as `unet((None, None, 3), depth=6)`, which takes sides that "
            "are multiples of 64."
        )
    depth = DEEPEST
    while depth > SHALLOWEST and any(side % 2**depth for side in sides):
        depth -= 1
    check_multiple("A U-Net", image_shape, 2**depth)
    return depth
