"""PatchGAN: a discriminator with a logit for every patch of an image."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.image_blocks import normalize, padded_conv
from keras_gan.validation import arguments

# The convolutions of stride 2 that give a field, in pixels.
FIELDS = {16: 1, 34: 2, 70: 3, 142: 4, 286: 5}


def patch_discriminator(
    image_shape: Sequence[int | None] = (256, 256, 3),
    field: int = 70,
    width: int = 64,
    condition: Sequence[int | None] | None = None,
    normalization: str = "instance",
    name: str = "discriminator",
) -> keras.Model:
    """Tell for every patch of an image whether it is real.

    4x4 convolutions with LeakyReLU(0.2): some of stride 2, one of stride 1, and one
    that gives the logits. All but the first and the last are normalised. A logit sees
    a square of `field` pixels, so that the network knows textures and not the whole
    image, has few weights and takes images of any size.

    Args:
        image_shape: `(height, width, channels)`; height and width may be None.
        field: int, the side of a patch in pixels: 16, 34, 70 (as published), 142 or
            286. A smaller one is easier to fool.
        width: int, the channels after the first convolution.
        condition: None; or the shape of the images that were translated, for a network
            that takes `[condition, images]` and sees both, as in pix2pix.
        normalization: `"instance"`, as in CycleGAN, or `"batch"`, as in pix2pix.
        name: str, of the network.

    Returns:
        A `keras.Model` from images, or from `[condition, images]`, to logits
        `(batch, rows, columns, 1)`: 30 x 30 for 256 x 256 and a field of 70.

    Raises:
        ValueError: if the field is none of these, the images are too small for it, or
            image and condition differ in size.

    Example:

    ```python
    network = keras_gan.architectures.patch_discriminator((64, 64, 3), field=34)
    network(keras.ops.ones((2, 64, 64, 3))).shape  # (2, 14, 14, 1)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """
    image_shape = arguments.image_shape(image_shape, any_size=True)
    if field not in FIELDS:
        raise ValueError(f"`field` must be one of {list(FIELDS)}. Received: {field!r}")
    _check_size(image_shape, field)
    width = arguments.integer("width", width)

    x = images = keras.Input(image_shape, name="images")
    inputs = images
    if condition is not None:
        condition = arguments.image_shape(condition, any_size=True)
        if condition[:2] != image_shape[:2]:
            raise ValueError(
                "Images and condition must have one size. Received: image_shape="
                f"{image_shape}, condition={condition}"
            )
        given = keras.Input(condition, name="condition")
        x = layers.Concatenate(name="condition_and_images")([given, images])
        inputs = [given, images]
    num_halvings = FIELDS[field]
    for i in range(num_halvings + 1):
        layer = f"block_{i + 1}"
        strides = 2 if i < num_halvings else 1
        filters = width * min(2**i, 8)
        # A bias before a normalisation would be undone by it.
        x = padded_conv(x, filters, 4, strides, f"{layer}_conv", use_bias=i == 0)
        x = x if i == 0 else normalize(x, normalization, f"{layer}_norm")
        x = layers.LeakyReLU(0.2, name=f"{layer}_leaky_relu")(x)
    logits = padded_conv(x, 1, 4, 1, "logits", dtype="float32")
    return keras.Model(inputs, logits, name=name)


def _check_size(image_shape: tuple[int | None, int | None, int], field: int) -> None:
    """Check that there is at least one logit."""
    fitting = [f for f, n in FIELDS.items() if _num_logits(image_shape, n) >= 1]
    if field not in fitting:
        mend = "Enlarge the images"
        if fitting:
            mend += f", or pass a smaller field: {' or '.join(map(str, fitting))}"
        raise ValueError(
            f"A field of {field} leaves no logit of images of {image_shape[0]} x "
            f"{image_shape[1]}. {mend}."
        )


def _num_logits(image_shape: tuple[int | None, int | None, int], halvings: int) -> int:
    """Return how many logits the smaller side has: halved so often, and two less."""
    sides = [side for side in image_shape[:2] if side is not None]
    return (min(sides) >> halvings) - 2 if sides else 1
