"""FastGAN: a light generator, and a discriminator that teaches itself by drawing."""

from collections.abc import Sequence

import keras
from keras import layers, ops

from keras_gan.architectures import heads
from keras_gan.layers import (
    BatchNormalization,
    Conv2D,
    NoiseInjection,
    PixelNormalization,
    Quadrant,
)
from keras_gan.validation import arguments

SHORTEST = 4  # sides are halved down to 4 to 7 pixels
MIN_STAGES = 3
SKIPPED = 4  # the stages between which the generator's features excite each other


def fastgan(
    image_shape: Sequence[int] = (64, 64, 3),
    latent_dim: int = 256,
    width: int = 64,
    discriminator_width: int | None = None,
    noise: str = "constant",
    reconstruct: bool = True,
) -> tuple[keras.Model, keras.Model]:
    """A pair for few pictures and little time, without pretrained networks.

    Generator, by stages of twice the size:

    - Latents are brought to unit second moment. A linear layer makes the first maps.
    - A stage is doubling of pixels, a 3x3 convolution, batch normalisation and a gated
      linear unit; every other stage has two convolutions, with noise after each.
    - Skip-layer excitation: the maps of a small stage, pooled, scale the channels of a
      large one four stages later. Gradients reach the small stages at little cost.

    Discriminator: residual stages of half the size, batch normalisation, a map of
    logits. It reconstructs the real images that it sees, whole ones from its smallest
    maps and a quarter of each from maps twice as large, so that its features hold what
    is in a picture and do not only tell real from fake. Two small decoders do this;
    `keras_gan.models.FastGAN` trains them.

    All kernels of both are spectrally normalised.

    Args:
        image_shape: `(height, width, channels)`. The sides can be halved three times
            or more, down to 4 to 7 pixels; 32 x 32 is the smallest square.
        latent_dim: int, the length of one latent vector.
        width: int, half the channels of the generator at 64 pixels, and those of the
            discriminator; half of that for twice the size, and so on. 64 as published.
        discriminator_width: int, that of the discriminator alone; None for `width`.
        noise: `"constant"`, `"random"` or `"none"`, the noise at inference; see
            `keras_gan.layers.NoiseInjection`.
        reconstruct: bool, False for a discriminator without decoders, for any game.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the sides cannot be halved often enough.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.fastgan((32, 32, 3), width=8)
    gan = keras_gan.models.FastGAN(generator, discriminator)
    gan.compile(loss="hinge", augment=keras_gan.augment.DiffAugment())
    ```

    Liu et al. 2021, "Towards Faster and Stabilized GAN Training for High-fidelity
    Few-shot Image Synthesis", arXiv:2101.04775.
    """
    generator = fastgan_generator(image_shape, latent_dim, None, width, noise)
    narrow = width if discriminator_width is None else discriminator_width
    return generator, fastgan_discriminator(image_shape, narrow, reconstruct)


def fastgan_generator(
    image_shape: Sequence[int] = (64, 64, 3),
    latent_dim: int = 256,
    num_classes: int | None = None,
    width: int = 64,
    noise: str = "constant",
) -> keras.Model:
    """The generator of `fastgan`: latents to images.

    Projected GANs (Sauer et al. 2021, arXiv:2111.01007) have it too; see
    `projected_discriminator`.

    Args:
        image_shape: `(height, width, channels)`, as in `fastgan`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too. An embedding of
            it is appended to the latents.
        width: int, half the channels at 64 pixels.
        noise: `"constant"`, `"random"` or `"none"`, the noise at inference.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from `[latents,
        labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if the sides cannot be halved often enough.

    Example:

    ```python
    generator = keras_gan.architectures.fastgan_generator((32, 48, 3), width=4)
    generator(keras.random.normal((2, 256))).shape  # (2, 32, 48, 3)
    ```

    Liu et al. 2021, arXiv:2101.04775.
    """
    image_shape, base, num_stages = _plan(image_shape)
    num_classes = arguments.num_classes(num_classes)
    width = arguments.integer("width", width)
    latents = keras.Input(
        (arguments.integer("latent_dim", latent_dim),), name="latents"
    )
    x = PixelNormalization(name="unit_latents")(latents)
    labels = None if num_classes is None else heads.label_input()
    if labels is not None:
        x = heads.concatenate_label(x, heads.embed_label(labels, num_classes))
    filters = _generator_widths(width, num_stages)
    dense = heads.constrained(
        True, layers.Dense, 2 * base[0] * base[1] * filters[0], use_bias=False,
        name="base_dense",
    )  # fmt: skip
    x = layers.Reshape((*base, 2 * filters[0]), name="base")(dense(x))
    stages = [_gate(_norm(x, "base_norm"))]
    skipped = min(SKIPPED, num_stages)
    for stage in range(1, num_stages + 1):
        x = layers.UpSampling2D(
            2, "channels_last", "nearest", name=f"stage_{stage}_upsample"
        )(stages[-1])
        is_double = stage % 2 == 1
        for i in range(1, 2 + is_double):
            name = f"stage_{stage}_conv_{i}"
            x = _conv(2 * filters[stage], 3, name)(x)
            x = NoiseInjection(noise, name=f"{name}_noise")(x) if is_double else x
            x = _gate(_norm(x, f"{name}_norm"))
        if stage >= skipped:
            small = stages[stage - skipped]
            x = _excite(x, small, base, f"stage_{stage}_excitation")
        stages.append(x)
    images = _to_images(stages[-1], image_shape[2], "to_images")
    return keras.Model(heads.inputs(latents, labels), images, name="generator")


def fastgan_discriminator(
    image_shape: Sequence[int] = (64, 64, 3),
    width: int = 64,
    reconstruct: bool = True,
) -> keras.Model:
    """The discriminator of `fastgan`: images to logits, and to images again.

    Args:
        image_shape: `(height, width, channels)`, as in `fastgan`.
        width: int, the channels at 64 pixels.
        reconstruct: bool, whether it has decoders.

    Returns:
        A `keras.Model` from images to `[logits, wholes, quadrants]`: logits `(batch,
        num_logits, 1)`; whole images at half the size; and a quadrant of each, as
        `keras_gan.layers.Quadrant` takes them of the images. Without decoders, from
        images to logits, for `keras_gan.GAN`.

    Raises:
        ValueError: if the sides cannot be halved often enough.

    Example:

    ```python
    discriminator = keras_gan.architectures.fastgan_discriminator((32, 32, 3), 4)
    logits, wholes, quadrants = discriminator(keras.ops.ones((4, 32, 32, 3)))
    wholes.shape  # (4, 16, 16, 3)
    ```

    Liu et al. 2021, arXiv:2101.04775.
    """
    image_shape, base, num_stages = _plan(image_shape)
    width = arguments.integer("width", width)
    filters = _discriminator_widths(width, num_stages)
    images = keras.Input(image_shape, name="images")
    x = _conv(filters[0], 3, "from_images")(images)
    stages = [_leaky(x, "from_images")]
    for stage in range(1, num_stages):
        x = _down(stages[-1], filters[stage], f"stage_{stage}")
        if stage >= MIN_STAGES:
            small = stages[stage - MIN_STAGES]
            x = _excite(x, small, base, f"stage_{stage}_excitation")
        stages.append(x)
    x = _conv(2 * filters[-1], 1, "head_conv")(stages[-1])
    x = _leaky(_norm(x, "head_norm"), "head")
    x = _conv(1, 4, "places", padding="valid", dtype="float32")(x)
    logits = layers.Reshape((-1, 1), dtype="float32", name="logits")(x)
    if not reconstruct:
        return keras.Model(images, logits, name="discriminator")
    channels, doublings = image_shape[2], num_stages - 2
    wholes = _decoder(stages[-1], width, channels, doublings, "whole")
    quarter = Quadrant(name="feature_quadrants")(stages[-2])
    quadrants = _decoder(quarter, width, channels, doublings, "quadrant")
    return keras.Model(images, [logits, wholes, quadrants], name="discriminator")


def _down(x: keras.KerasTensor, filters: int, name: str) -> keras.KerasTensor:
    """Halve maps by two paths, of convolutions and of a mean, and average both."""

    def convolve(x, kernel_size, part, strides=1):
        x = _conv(filters, kernel_size, f"{name}_{part}", strides=strides)(x)
        return _leaky(_norm(x, f"{name}_{part}_norm"), f"{name}_{part}")

    deep = convolve(convolve(x, 4, "conv_1", strides=2), 3, "conv_2")
    direct = convolve(_pool(x, 2, f"{name}_pool"), 1, "direct")
    return layers.Average(name=name)([direct, deep])


def _excite(
    x: keras.KerasTensor,
    small: keras.KerasTensor,
    base: tuple[int, int],
    name: str,
) -> keras.KerasTensor:
    """Scale the channels of maps by what other maps say, pooled to the base."""
    y = _pool(small, small.shape[1] // base[0], f"{name}_pool")
    y = _conv(x.shape[-1], base, f"{name}_conv_1", padding="valid")(y)
    y = layers.Activation("swish", name=f"{name}_swish")(y)
    y = _conv(x.shape[-1], 1, f"{name}_conv_2")(y)
    y = layers.Activation("sigmoid", name=f"{name}_sigmoid")(y)
    return layers.Multiply(name=name)([x, y])


def _decoder(
    x: keras.KerasTensor, width: int, channels: int, num_doublings: int, name: str
) -> keras.KerasTensor:
    """Return images from feature maps, by stages of twice the size."""
    for i in range(num_doublings):
        stage = f"{name}_stage_{i + 1}"
        x = layers.UpSampling2D(
            2, "channels_last", "nearest", name=f"{stage}_upsample"
        )(x)
        # Twice the published 32 of a width of 64, halved by the gate.
        x = _conv(2 * max(1, width // 2 * 4 // 2**i), 3, f"{stage}_conv")(x)
        x = _gate(_norm(x, f"{stage}_norm"))
    return _to_images(x, channels, f"{name}_to_images")


def _to_images(x: keras.KerasTensor, channels: int, name: str) -> keras.KerasTensor:
    x = _conv(channels, 3, name, dtype="float32")(x)
    return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)


def _pool(x: keras.KerasTensor, size: int, name: str) -> keras.KerasTensor:
    if size == 1:
        return x
    return layers.AveragePooling2D(size, data_format="channels_last", name=name)(x)


def _norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return BatchNormalization(momentum=0.9, name=name)(x)


def _gate(x: keras.KerasTensor) -> keras.KerasTensor:
    return ops.glu(x, axis=-1)  # half of the channels


def _leaky(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.LeakyReLU(0.2, name=f"{name}_leaky_relu")(x)


def _conv(
    filters: int, kernel_size: int | Sequence[int], name: str, **kwargs
) -> keras.layers.Layer:
    settings = {"padding": "same", "use_bias": False, **kwargs}
    return heads.constrained(True, Conv2D, filters, kernel_size, name=name, **settings)


def _generator_widths(width: int, num_stages: int) -> list[int]:
    """16, 8, 4, 2, 2, 1, 1/2, ... times the width."""
    powers = [4, 3, 2, 1, *range(1, -num_stages, -1)]
    return [max(1, round(width * 2.0**p)) for p in powers[: num_stages + 1]]


def _discriminator_widths(width: int, num_stages: int) -> list[int]:
    """From the image down: ..., 1/2, 1, 2, 4, 8 times the width."""
    powers = range(4 - num_stages, 4)
    return [max(1, round(width * 2.0**p)) for p in powers]


def _plan(
    image_shape: Sequence[int],
) -> tuple[tuple[int, int, int], tuple[int, int], int]:
    """Return the checked shape, the size of the smallest maps, and the doublings."""
    image_shape = arguments.image_shape(image_shape)
    height, width = image_shape[:2]
    num_stages = 0
    while height % 2 == 0 and width % 2 == 0 and min(height, width) >= 2 * SHORTEST:
        height, width, num_stages = height // 2, width // 2, num_stages + 1
    if num_stages < MIN_STAGES or min(height, width) >= 2 * SHORTEST:
        unit = 8
        mended = [max(32, -(-side // unit) * unit) for side in image_shape[:2]]
        while min(mended) >= unit * 2 * SHORTEST:
            unit *= 2
            mended = [-(-side // unit) * unit for side in mended]
        raise ValueError(
            "FastGAN takes images whose sides can be halved three times or more, down "
            f"to 4 to 7 pixels. Received: {image_shape}. Resize the images, for "
            f"instance to {mended[0]} x {mended[1]}."
        )
    return image_shape, (height, width), num_stages
