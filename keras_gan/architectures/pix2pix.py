"""The two networks of pix2pix."""

from collections.abc import Sequence

import keras

from keras_gan.architectures.patch_discriminator import patch_discriminator
from keras_gan.architectures.resnet_translator import resnet_translator
from keras_gan.architectures.unet import unet
from keras_gan.validation import arguments


def pix2pix(
    image_shape: Sequence[int | None] = (256, 256, 3),
    out_channels: int | None = None,
    width: int = 64,
    depth: int | None = None,
    dropout: float = 0.5,
    field: int = 70,
    discriminator_width: int | None = None,
    normalization: str = "batch",
    upsampling: str = "transposed",
    generator: str = "unet",
    num_blocks: int = 6,
) -> tuple[keras.Model, keras.Model]:
    """Return a `unet`, and a `patch_discriminator` that sees input and output.

    Args:
        image_shape: `(height, width, channels)` of the inputs; height and width are
            multiples of `2**depth`, or None for any such size.
        out_channels: int, the channels of the targets; None for as many.
        width: int, the channels of the generator: a U-Net's after its first halving,
            a residual network's at full resolution.
        depth: int, how often the U-Net halves; None for as often as sides allow.
        dropout: float, of the generator's noise.
        field: int, the side of the patches that the discriminator sees.
        discriminator_width: int, the channels of the discriminator after its first
            convolution; None for `width`.
        normalization: `"batch"` or `"instance"`, of both networks.
        upsampling: `"transposed"` or `"nearest"`; see `unet`.
        generator: `"unet"`, as published, or `"resnet"` for a `resnet_translator`,
            whose sides are multiples of 4: better pictures at a multiple of the cost.
        num_blocks: int, the residual blocks of a `"resnet"`.

    Returns:
        `(generator, discriminator)`, as `keras_gan.models.Pix2Pix` takes them.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    networks = keras_gan.architectures.pix2pix((64, 64, 1), out_channels=3, width=16)
    gan = keras_gan.models.Pix2Pix(*networks)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """
    taken = arguments.image_shape(image_shape, any_size=True)
    made = (*taken[:2], out_channels or taken[2])
    d_width = width if discriminator_width is None else discriminator_width
    if generator == "unet":
        network = unet(taken, made[2], width, depth, dropout, normalization, upsampling)
    elif generator == "resnet" and depth is None:
        network = resnet_translator(
            taken, made[2], num_blocks, width, normalization, dropout, upsampling
        )
    else:
        raise ValueError(
            '`generator` must be "unet" or "resnet"; `depth` is of the U-Net alone. '
            f"Received: generator={generator!r}, depth={depth}."
        )
    return (
        network,
        patch_discriminator(made, field, d_width, taken, normalization),
    )
