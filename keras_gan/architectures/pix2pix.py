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
    num_blocks: int | None = None,
) -> tuple[keras.Model, keras.Model]:
    """Return a generator, and a `patch_discriminator` that sees input and output.

    The generator is a `unet`, as published, or a `resnet_translator`: better pictures
    at a multiple of the cost.

    Args:
        image_shape: `(height, width, channels)` of the inputs; height and width are
            multiples of `2**depth`, or of 4 for a `"resnet"`; None for any such size.
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
        generator: `"unet"` or `"resnet"`.
        num_blocks: int, the residual blocks of a `"resnet"`; None for 6.

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
    arguments.one_of("generator", generator, ("unet", "resnet"))
    if (depth if generator == "resnet" else num_blocks) is not None:
        raise ValueError(
            "`depth` is of a U-Net, and `num_blocks` of residual networks. Received: "
            f"generator={generator!r}, depth={depth}, num_blocks={num_blocks}."
        )
    if generator == "unet":
        network = unet(taken, made[2], width, depth, dropout, normalization, upsampling)
    else:
        blocks = 6 if num_blocks is None else num_blocks
        network = resnet_translator(
            taken, made[2], blocks, width, normalization, dropout, upsampling
        )
    return (
        network,
        patch_discriminator(made, field, d_width, taken, normalization),
    )
