"""The four networks of a CycleGAN."""

from collections.abc import Sequence

import keras

from keras_gan.architectures.patch_discriminator import patch_discriminator
from keras_gan.architectures.resnet_translator import resnet_translator
from keras_gan.validation import arguments


def cyclegan(
    image_shape: Sequence[int | None] = (256, 256, 3),
    channels_b: int | None = None,
    num_blocks: int | None = None,
    width: int = 64,
    field: int = 70,
    discriminator_width: int | None = None,
    upsampling: str = "transposed",
) -> tuple[keras.Model, keras.Model, keras.Model, keras.Model]:
    """Return two `resnet_translator`s and two `patch_discriminator`s.

    Args:
        image_shape: `(height, width, channels)` of domain A; height and width are
            multiples of 4, or None for any.
        channels_b: int, the channels of domain B; None for as many.
        num_blocks: int, the residual blocks of each generator; None for 9, and for 6
            where the images are smaller than 256.
        width: int, the channels of a generator at full resolution.
        field: int, the side of the patches that the discriminators see. Images of
            64 pixels do well with 34.
        discriminator_width: int, the channels of a discriminator after its first
            convolution; None for `width`.
        upsampling: `"transposed"` or `"nearest"`; see `resnet_translator`.

    Returns:
        `(generator_ab, generator_ba, discriminator_a, discriminator_b)`, as
        `keras_gan.models.CycleGAN` takes them.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    networks = keras_gan.architectures.cyclegan((64, 64, 3), width=32, field=34)
    gan = keras_gan.models.CycleGAN(*networks)
    ```

    Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks", arXiv:1703.10593.
    """
    shape_a = arguments.image_shape(image_shape, any_size=True)
    shape_b = (*shape_a[:2], channels_b or shape_a[2])
    if num_blocks is None:
        is_small = any(side is not None and side < 256 for side in shape_a[:2])
        num_blocks = 6 if is_small else 9
    d_width = width if discriminator_width is None else discriminator_width

    def translator(taken, made, name):
        return resnet_translator(
            taken, made[2], num_blocks, width, upsampling=upsampling, name=name
        )

    return (
        translator(shape_a, shape_b, "generator_ab"),
        translator(shape_b, shape_a, "generator_ba"),
        patch_discriminator(shape_a, field, d_width, name="discriminator_a"),
        patch_discriminator(shape_b, field, d_width, name="discriminator_b"),
    )
