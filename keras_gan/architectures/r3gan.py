"""Residual networks without normalisation: the modern baseline of 2024."""

import math
import numbers
from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.initializers import ICNR
from keras_gan.layers import (
    BasisExpansion,
    BasisProjection,
    BilinearDownsample,
    BilinearUpsample,
    Conv2D,
    Conv2DTranspose,
    GroupedConv2D,
    PointwiseConv2D,
)
from keras_gan.validation import arguments

EXPANSION = 2
LEAK = 0.2


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
    image_shape, widths, blocks, base, gain = _plan(
        image_shape, width, num_blocks, group_size, patch_size
    )
    _check_smooth(smooth_patches, patch_size)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    if labels is not None:
        embedding = _embed_label(labels, num_classes, latent_dim, 1.0)
        x = heads.concatenate_label(latents, embedding)
    x = layers.Dense(
        widths[0], use_bias=False, kernel_initializer=_scaled(1.0), name="base_dense"
    )(x)
    x = BasisExpansion(*base, name="basis")(x)  # (batch, 7, 7, 128) for 28 x 28
    for stage, filters in enumerate(widths):
        name = f"stage_{stage + 1}"
        if stage > 0:
            if x.shape[-1] != filters:
                x = _linear(filters, name=f"{name}_linear")(x)
            x = BilinearUpsample(name=f"{name}_upsample")(x)
        for block in range(1, blocks[stage] + 1):
            x = _residual_block(x, group_size, gain, f"{name}_block_{block}")
    x = _to_pixels(x, image_shape[2], patch_size, smooth_patches, name="to_images")
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
    image_shape, widths, blocks, _, gain = _plan(
        image_shape, width, num_blocks, group_size, patch_size
    )
    _check_smooth(smooth_patches, patch_size)
    num_classes = arguments.num_classes(num_classes)

    images = keras.Input(image_shape, name="images")
    from_pixels = _from_pixels(
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
                x = _linear(widths[stage - 1], name=f"{name}_linear")(x)
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
    y = PointwiseConv2D(inner, kernel_initializer=_scaled(gain), name=f"{name}_conv_1")(
        x
    )
    y = layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu_1")(y)
    y = GroupedConv2D(
        inner,
        3,
        groups=inner // group_size,
        padding="same",
        kernel_initializer=_scaled(gain),
        name=f"{name}_conv_2",
    )(y)
    y = layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu_2")(y)
    y = PointwiseConv2D(
        filters, use_bias=False, kernel_initializer="zeros", name=f"{name}_conv_3"
    )(y)
    return layers.Add(name=f"{name}_add")([x, y])


def _linear(filters: int, **kwargs) -> keras.layers.Layer:
    return PointwiseConv2D(
        filters, use_bias=False, kernel_initializer=_scaled(1.0), **kwargs
    )


def _features(units: int, name: str) -> keras.layers.Layer:
    return layers.Dense(
        units,
        use_bias=False,
        kernel_initializer=_scaled(1.0),
        dtype="float32",
        name=name,
    )


def _from_pixels(
    filters: int, patch_size: int, is_smooth: bool, name: str
) -> keras.layers.Layer:
    if patch_size == 1:
        return _linear(filters, name=name)
    return Conv2D(
        filters,
        2 * patch_size if is_smooth else patch_size,
        strides=patch_size,
        padding="same" if is_smooth else "valid",
        use_bias=False,
        kernel_initializer=_scaled(1.0),
        name=name,
    )


def _to_pixels(
    x: keras.KerasTensor, channels: int, patch_size: int, is_smooth: bool, name: str
) -> keras.KerasTensor:
    width = x.shape[-1]
    if patch_size == 1:
        return _linear(channels, dtype="float32", name=name)(x)
    if is_smooth:
        return smooth_pixels(x, channels, patch_size, name)
    patches = Conv2DTranspose(
        channels,
        patch_size,
        strides=patch_size,
        use_bias=False,
        # Keras counts the fan-in of a transposed kernel on its other side.
        kernel_initializer=ICNR(keras.initializers.RandomNormal(stddev=width**-0.5)),
        dtype="float32",
        name=name,
    )
    return patches(x)


def smooth_pixels(
    x: keras.KerasTensor, channels: int, patch_size: int, name: str
) -> keras.KerasTensor:
    """Interpolate features to pixels, and convolve them to images."""
    for i in range(1, int(math.log2(patch_size)) + 1):
        x = BilinearUpsample(name=f"{name}_upsample_{i}")(x)
    convolution = layers.Conv2D(
        channels,
        3,
        padding="same",
        data_format="channels_last",
        use_bias=False,
        kernel_initializer=_scaled(1.0),
        dtype="float32",
        name=name,
    )
    return convolution(x)


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


def _scaled(gain: float) -> keras.initializers.Initializer:
    return keras.initializers.VarianceScaling(
        gain**2, mode="fan_in", distribution="untruncated_normal"
    )


def _plan(
    image_shape: Sequence[int],
    width: int | Sequence[int],
    num_blocks: int | Sequence[int],
    group_size: int,
    patch_size: int,
) -> tuple[tuple[int, int, int], tuple[int, ...], tuple[int, ...], tuple, float]:
    """Return the checked shape, widths and blocks by stage, smallest size and gain."""
    image_shape = arguments.image_shape(image_shape)
    image_height, image_width, _ = image_shape
    patch_size = arguments.integer("patch_size", patch_size)
    group_size = arguments.integer("group_size", group_size)
    widths = _widths(width, image_height // patch_size, image_width // patch_size)
    blocks = _blocks(num_blocks, len(widths))
    base = _base(image_height, image_width, patch_size, len(widths))
    _check_groups(widths, group_size)
    gain = math.sqrt(2 / (1 + LEAK**2)) * sum(blocks) ** -0.25
    return image_shape, widths, blocks, base, gain


def _widths(
    width: int | Sequence[int], image_height: int, image_width: int
) -> tuple[int, ...]:
    if not isinstance(width, numbers.Number):
        return arguments.integers("width", width)
    width = arguments.integer("width", width)
    num_stages = 1
    while (
        image_height % 2 == 0
        and image_width % 2 == 0
        and min(image_height, image_width) >= 8
    ):
        image_height, image_width = image_height // 2, image_width // 2
        num_stages += 1
    return tuple(width * min(2**stage, 4) for stage in reversed(range(num_stages)))


def _blocks(num_blocks: int | Sequence[int], num_stages: int) -> tuple[int, ...]:
    if isinstance(num_blocks, numbers.Number):
        return (arguments.integer("num_blocks", num_blocks),) * num_stages
    blocks = arguments.integers("num_blocks", num_blocks)
    if len(blocks) != num_stages:
        raise ValueError(
            f"`num_blocks` must be a positive integer, or {num_stages} of them, one "
            f"for every stage. Received: {num_blocks!r}"
        )
    return blocks


def _base(height: int, width: int, patch_size: int, num_stages: int) -> tuple[int, int]:
    factor = patch_size * 2 ** (num_stages - 1)
    if height % factor or width % factor:
        raise ValueError(
            f"{num_stages} stages, each half the one before, on patches of "
            f"{patch_size} x {patch_size} pixels need a height and a width divisible "
            f"by {factor}. Received: {height} x {width}. Pass a smaller `patch_size` "
            "or fewer stages in `width`, or resize the images, for instance to "
            f"{-(-height // factor) * factor} x {-(-width // factor) * factor}."
        )
    return height // factor, width // factor


def _check_groups(widths: tuple[int, ...], group_size: int) -> None:
    for width in widths:
        if width < 1 or EXPANSION * width % group_size:
            raise ValueError(
                f"`group_size` must divide twice the width of every stage. Received: "
                f"group_size={group_size} with the widths {widths}."
            )


def _check_smooth(is_smooth: bool, patch_size: int) -> None:
    if is_smooth and (patch_size == 1 or patch_size & (patch_size - 1)):
        raise ValueError(
            "`smooth_patches` needs patches to smooth, and a `patch_size` that is a "
            f"power of 2, such as 2 or 4. Received: patch_size={patch_size}."
        )
