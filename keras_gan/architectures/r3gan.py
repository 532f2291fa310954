"""Residual networks without normalisation: the modern baseline of 2024."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures import heads, patches
from keras_gan.architectures.r3gan_sizes import EXPANSION, LEAK, check_smooth, plan
from keras_gan.architectures.scaled import linear, scaled
from keras_gan.layers import (
    BasisExpansion,
    BasisProjection,
    BilinearDownsample,
    BilinearUpsample,
    GroupedConv2D,
    PointwiseConv2D,
)
from keras_gan.validation import arguments


def r3gan(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 64,
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    num_blocks: int | Sequence[int] = 2,
    group_size: int = 16,
    patch_size: int = 1,
    output_activation: str = "linear",
    smooth_patches: bool = False,
) -> tuple[keras.Model, keras.Model]:
    """A plain and well-founded pair, for `RelativisticPairing` with R1 and R2.

    The generator scales a learned basis of small feature maps by a linear map of the
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
        smooth_patches: bool, whether patches overlap. If not, G writes each patch
            alone, and D reads the image in the very same patches, so that it hardly
            sees the edges between them: they stay as a chequered pattern. If they
            overlap, G interpolates its features to single pixels before a 3x3
            convolution makes the image, and D reads each patch with a margin of half
            its side. `patch_size` must be a power of 2. See also
            `keras_gan.architectures.smooth_patches`, for after training.

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
    return (
        r3gan_generator(
            image_shape,
            latent_dim,
            num_classes,
            width,
            num_blocks,
            group_size,
            patch_size,
            output_activation,
            smooth_patches,
        ),
        r3gan_discriminator(
            image_shape,
            num_classes,
            width,
            num_blocks,
            group_size,
            patch_size,
            smooth_patches,
        ),
    )


def r3gan_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 64,
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    num_blocks: int | Sequence[int] = 2,
    group_size: int = 16,
    patch_size: int = 1,
    output_activation: str = "linear",
    smooth_patches: bool = False,
) -> keras.Model:
    """The generator of `r3gan`: latents to images.

    Args:
        image_shape: `(height, width, channels)`, as in `r3gan`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels of the largest stage; or ints, those of every stage
            from the smallest to the largest.
        num_blocks: int, or ints from the smallest stage to the largest.
        group_size: int, the channels in a group of the 3x3 convolutions.
        patch_size: int, the side of the squares of pixels made at once.
        output_activation: `"linear"`, clipped to [-1, 1] at inference, or `"tanh"`.
        smooth_patches: bool, whether patches overlap.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    generator = keras_gan.architectures.r3gan_generator((32, 32, 3), width=(16, 8))
    generator(keras.random.normal((4, 64))).shape  # (4, 32, 32, 3)
    ```

    Huang et al. 2024, arXiv:2501.05441.
    """
    image_shape, widths, blocks, base, gain = plan(
        image_shape, width, num_blocks, group_size, patch_size
    )
    check_smooth(smooth_patches, patch_size)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    if labels is not None:
        embedding = _embed_label(labels, num_classes, latent_dim, 1.0)
        x = heads.concatenate_label(latents, embedding)
    x = layers.Dense(
        widths[0],
        use_bias=False,
        kernel_initializer=scaled(1.0),
        name="base_dense",
    )(x)
    x = BasisExpansion(*base, name="basis")(x)  # (batch, 7, 7, 128) for 28 x 28
    for stage, filters in enumerate(widths):
        name = f"stage_{stage + 1}"
        if stage > 0:
            if x.shape[-1] != filters:
                x = linear(filters, name=f"{name}_linear")(x)
            x = BilinearUpsample(name=f"{name}_upsample")(x)
        for block in range(1, blocks[stage] + 1):
            x = _residual_block(x, group_size, gain, f"{name}_block_{block}")
    x = patches.to_pixels(
        x, image_shape[2], patch_size, smooth_patches, name="to_images"
    )
    images = heads.output_range(output_activation)(x)
    return keras.Model(heads.inputs(latents, labels), images, name="generator")


def r3gan_discriminator(
    image_shape: Sequence[int] = (28, 28, 1),
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    num_blocks: int | Sequence[int] = 2,
    group_size: int = 16,
    patch_size: int = 1,
    smooth_patches: bool = False,
) -> keras.Model:
    """The discriminator of `r3gan`: images to logits.

    Args:
        image_shape: `(height, width, channels)`, as in `r3gan`.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels of the largest stage; or ints, those of every stage
            in the generator's order, from the smallest to the largest.
        num_blocks: int, or ints in the same order.
        group_size: int, the channels in a group of the 3x3 convolutions.
        patch_size: int, the side of the squares of pixels read at once.
        smooth_patches: bool, whether patches overlap.

    Returns:
        A `keras.Model` from images, or from `[images, labels]`, to logits
        `(batch, 1)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    discriminator = keras_gan.architectures.r3gan_discriminator(
        (32, 32, 3), width=(16, 8)
    )
    discriminator(keras.ops.ones((4, 32, 32, 3))).shape  # (4, 1)
    ```

    Huang et al. 2024, arXiv:2501.05441.
    """
    image_shape, widths, blocks, _, gain = plan(
        image_shape, width, num_blocks, group_size, patch_size
    )
    check_smooth(smooth_patches, patch_size)
    num_classes = arguments.num_classes(num_classes)

    images = keras.Input(image_shape, name="images")
    from_pixels = patches.from_pixels(
        widths[-1], patch_size, smooth_patches, name="from_images"
    )
    x = from_pixels(images)
    for stage in reversed(range(len(widths))):
        name = f"stage_{len(widths) - stage}"  # 1 is the largest
        for block in range(1, blocks[stage] + 1):
            x = _residual_block(x, group_size, gain, f"{name}_block_{block}")
        if stage > 0:
            x = BilinearDownsample(name=f"{name}_downsample")(x)
            if x.shape[-1] != widths[stage - 1]:
                x = linear(widths[stage - 1], name=f"{name}_linear")(x)
    x = BasisProjection(dtype="float32", name="basis")(x)  # (batch, 128)
    if num_classes is None:
        outputs = _features(1, "logits")(x)
        return keras.Model(images, outputs, name="discriminator")
    features = _features(widths[0], "features")(x)
    labels = heads.label_input()
    embedding = _embed_label(
        labels, num_classes, widths[0], widths[0] ** -0.5, name="label_projection"
    )
    outputs = layers.Dot(axes=1, dtype="float32", name="conditional_logits")(
        [features, embedding]
    )
    return keras.Model([images, labels], outputs, name="discriminator")


def _residual_block(
    x: keras.KerasTensor, group_size: int, gain: float, name: str
) -> keras.KerasTensor:
    filters = x.shape[-1]
    inner = EXPANSION * filters
    y = PointwiseConv2D(inner, kernel_initializer=scaled(gain), name=f"{name}_conv_1")(
        x
    )
    y = layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu_1")(y)
    y = GroupedConv2D(
        inner,
        3,
        groups=inner // group_size,
        padding="same",
        kernel_initializer=scaled(gain),
        name=f"{name}_conv_2",
    )(y)
    y = layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu_2")(y)
    y = PointwiseConv2D(
        filters, use_bias=False, kernel_initializer="zeros", name=f"{name}_conv_3"
    )(y)
    return layers.Add(name=f"{name}_add")([x, y])


def _features(units: int, name: str) -> keras.layers.Layer:
    return layers.Dense(
        units,
        use_bias=False,
        kernel_initializer=scaled(1.0),
        dtype="float32",
        name=name,
    )


def _embed_label(
    labels: keras.KerasTensor,
    num_classes: int,
    size: int,
    gain: float,
    name: str = "label_embedding",
) -> keras.KerasTensor:
    # A linear map of the one-hot label, whose fan-in is the number of classes.
    normal = keras.initializers.RandomNormal(stddev=gain * num_classes**-0.5)
    return heads.embed_label(labels, num_classes, size, normal, name)
