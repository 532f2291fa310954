"""Residual networks without normalisation: the modern baseline of 2024."""

import math
import numbers

import keras
from keras import layers

from keras_gan.initializers import ICNR
from keras_gan.layers import (
    BasisExpansion,
    BasisProjection,
    BilinearDownsample,
    BilinearUpsample,
    ClipAtInference,
    Conv2D,
    Conv2DTranspose,
    GroupedConv2D,
    PointwiseConv2D,
)
from keras_gan.validation import arguments

EXPANSION = 2
LEAK = 0.2


def r3gan(
    image_shape=(28, 28, 1),
    latent_dim=64,
    num_classes=None,
    width=32,
    num_blocks=2,
    group_size=16,
    patch_size=1,
    output_activation="linear",
):
    """A plain and well-founded pair, for `RelativisticPairing` with R1 and R2.

    The generator scales a learned basis of small pictures by a linear map of the
    latents; then stages of residual blocks follow, each stage twice as large as
    the one before. The discriminator is its mirror image. There is no
    normalisation, no style, no attention:

    - A block is 1x1 -> grouped 3x3 -> 1x1, twice as wide inside, with a bias and
      LeakyReLU(0.2) after the first two convolutions, and no bias elsewhere.
    - Sizes change by bilinear interpolation, widths by a 1x1 convolution.
    - The last convolution of a block starts at 0, so that the block starts as
      the identity. The other two start as N(0, gain^2 / fan_in), with the gain
      of LeakyReLU times L^(-1/4), L the number of blocks in the network: then
      the size of an update does not grow with depth (Fixup, Zhang et al. 2019,
      arXiv:1901.09321, for three layers in a block).
    - The generator ends in a linear layer, unless told otherwise. In training the
      discriminator sees what comes out; at inference it is clipped to [-1, 1].
    - With classes, G takes an embedding beside the latents, and D's logit is the
      inner product of its features with an embedding (Miyato and Koyama 2018,
      arXiv:1802.05637).

    The published networks: `width=(768,) * 4` for CIFAR-10, with `num_classes=10`,
    and `width=(768, 768, 768, 768, 384)` for FFHQ at 64 x 64.

    Args:
        image_shape: `(height, width, channels)`; height and width divisible by
            2 for every stage but the first, not necessarily equal.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        width: int, the channels of the largest stage; they double at every stage
            towards the middle, up to 4 * width, and stages go down to about
            4 x 4. Or ints, the channels of every stage of the generator from
            the smallest to the largest.
        num_blocks: int, or ints, the residual blocks of every stage of the
            generator.
        group_size: int, the channels in a group of the 3x3 convolutions; it
            divides twice the width of every stage.
        patch_size: int, the side of the squares of pixels that both networks take
            for one. The paper has 1. With 2 the largest stage works at half the
            resolution, which is most of the cost: for a processor. The generator's
            patches start flat (`keras_gan.initializers.ICNR`).
        output_activation: `"linear"`, the paper's, clipped at inference; or `"tanh"`,
            for digits and drawings, whose background is exactly -1 or 1: what is
            linear has to learn to hit it, pixel by pixel.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.r3gan((28, 28, 1))
    gan = keras_gan.GAN(generator, discriminator)
    gan.compile(
        loss="relativistic_pairing",
        discriminator_penalties=[
            keras_gan.penalties.R1(1.0),
            keras_gan.penalties.R2(1.0),
        ],
    )
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN
    Baseline", arXiv:2501.05441.
    """
    height, breadth, channels = arguments.image_shape(image_shape)
    patch_size = arguments.integer("patch_size", patch_size)
    group_size = arguments.integer("group_size", group_size)
    num_classes = arguments.num_classes(num_classes)
    widths = _widths(width, height // patch_size, breadth // patch_size)
    blocks = _blocks(num_blocks, len(widths))
    base = _base(height, breadth, patch_size, len(widths))
    _check_groups(widths, group_size)
    gain = math.sqrt(2 / (1 + LEAK**2)) * sum(blocks) ** -0.25

    latent_dim = arguments.integer("latent_dim", latent_dim)
    latents = keras.Input((latent_dim,), name="latents")
    x, inputs = latents, latents
    if num_classes is not None:
        labels = keras.Input((), dtype="int32", name="labels")
        embedding = _embedding(num_classes, latent_dim, 1.0)(labels)
        x = layers.Concatenate()([latents, embedding])
        inputs = [latents, labels]
    x = layers.Dense(widths[0], use_bias=False, kernel_initializer=_scaled(1.0))(x)
    x = BasisExpansion(*base)(x)  # (batch, 7, 7, 128) for 28 x 28
    for stage, filters in enumerate(widths):
        if stage > 0:
            x = _linear(filters)(x) if x.shape[-1] != filters else x
            x = BilinearUpsample()(x)
        for _ in range(blocks[stage]):
            x = _residual_block(x, group_size, gain)
    x = _to_pixels(channels, patch_size, widths[-1])(x)
    images = _into_range(output_activation)(x)
    generator = keras.Model(inputs, images, name="generator")

    images = keras.Input((height, breadth, channels), name="images")
    x, inputs = _from_pixels(widths[-1], patch_size)(images), images
    for stage in reversed(range(len(widths))):
        for _ in range(blocks[stage]):
            x = _residual_block(x, group_size, gain)
        if stage > 0:
            x = BilinearDownsample()(x)
            filters = widths[stage - 1]
            x = _linear(filters)(x) if x.shape[-1] != filters else x
    x = BasisProjection(dtype="float32")(x)  # (batch, 128)
    num_features = 1 if num_classes is None else widths[0]
    logits = layers.Dense(
        num_features, use_bias=False, kernel_initializer=_scaled(1.0), dtype="float32"
    )(x)
    if num_classes is not None:
        labels = keras.Input((), dtype="int32", name="labels")
        embedding = _embedding(num_classes, widths[0], widths[0] ** -0.5)(labels)
        logits = layers.Dot(axes=1, dtype="float32")([logits, embedding])
        inputs = [images, labels]
    discriminator = keras.Model(inputs, logits, name="discriminator")
    return generator, discriminator


def _residual_block(x, group_size, gain):
    filters = x.shape[-1]
    inner = EXPANSION * filters
    y = PointwiseConv2D(inner, kernel_initializer=_scaled(gain))(x)
    y = layers.LeakyReLU(LEAK)(y)
    y = GroupedConv2D(
        inner,
        3,
        groups=inner // group_size,
        padding="same",
        kernel_initializer=_scaled(gain),
    )(y)
    y = layers.LeakyReLU(LEAK)(y)
    y = PointwiseConv2D(filters, use_bias=False, kernel_initializer="zeros")(y)
    return layers.Add()([x, y])


def _linear(filters, **kwargs):
    return PointwiseConv2D(
        filters, use_bias=False, kernel_initializer=_scaled(1.0), **kwargs
    )


def _from_pixels(filters, patch_size):
    if patch_size == 1:
        return _linear(filters)
    return Conv2D(
        filters,
        patch_size,
        strides=patch_size,
        use_bias=False,
        kernel_initializer=_scaled(1.0),
    )


def _to_pixels(channels, patch_size, width):
    if patch_size == 1:
        return _linear(channels, dtype="float32")
    return Conv2DTranspose(
        channels,
        patch_size,
        strides=patch_size,
        use_bias=False,
        # Keras counts the fan-in of a transposed kernel on its other side.
        kernel_initializer=ICNR(keras.initializers.RandomNormal(stddev=width**-0.5)),
        dtype="float32",
    )


def _into_range(activation):
    arguments.one_of("output_activation", activation, ("linear", "tanh"))
    if activation == "linear":
        return ClipAtInference(dtype="float32")
    return layers.Activation(activation, dtype="float32")


def _embedding(num_classes, size, gain):
    # A linear map of the one-hot label, whose fan-in is the number of classes.
    normal = keras.initializers.RandomNormal(stddev=gain * num_classes**-0.5)
    return layers.Embedding(num_classes, size, embeddings_initializer=normal)


def _scaled(gain):
    return keras.initializers.VarianceScaling(
        gain**2, mode="fan_in", distribution="untruncated_normal"
    )


def _widths(width, height, breadth):
    if not isinstance(width, numbers.Number):
        return arguments.integers("width", width)
    width = arguments.integer("width", width)
    num_stages = 1
    while height % 2 == 0 and breadth % 2 == 0 and min(height, breadth) >= 8:
        height, breadth, num_stages = height // 2, breadth // 2, num_stages + 1
    return tuple(width * min(2**stage, 4) for stage in reversed(range(num_stages)))


def _blocks(num_blocks, num_stages):
    if isinstance(num_blocks, numbers.Number):
        return (arguments.integer("num_blocks", num_blocks),) * num_stages
    blocks = arguments.integers("num_blocks", num_blocks)
    if len(blocks) != num_stages:
        raise ValueError(
            f"`num_blocks` must be a positive integer, or {num_stages} of them, one "
            f"for every stage. Received: {num_blocks!r}"
        )
    return blocks


def _base(height, breadth, patch_size, num_stages):
    factor = patch_size * 2 ** (num_stages - 1)
    if height % factor or breadth % factor:
        raise ValueError(
            f"{num_stages} stages, each half the one before, on patches of "
            f"{patch_size} x {patch_size} pixels need a height and a width divisible "
            f"by {factor}. Received: {height} x {breadth}. Pass a smaller `patch_size` "
            "or fewer stages in `width`, or resize the images, for instance to "
            f"{-(-height // factor) * factor} x {-(-breadth // factor) * factor}."
        )
    return height // factor, breadth // factor


def _check_groups(widths, group_size):
    for width in widths:
        if width < 1 or EXPANSION * width % group_size:
            raise ValueError(
                f"`group_size` must divide twice the width of every stage. Received: "
                f"group_size={group_size} with the widths {widths}."
            )
