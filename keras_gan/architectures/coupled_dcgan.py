"""Coupled networks by DCGAN's rules, whose images are drawn from one smooth map."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.coupled import halves, one_of_two, side_by_side
from keras_gan.layers import BatchNormalization, Conv2D, Conv2DTranspose
from keras_gan.validation import arguments


def coupled_dcgan(
    image_shape: Sequence[int] = (28, 56, 1),
    latent_dim: int = 64,
    width: int = 32,
    shared_maps: int = 1,
) -> tuple[keras.Model, keras.Model]:
    """Coupled networks for two ways to draw one thing, such as a digit and its outline.

    The generator decides on a smooth map of half the size, and draws both images from
    it. So there is no place where something could be in one image only. D is a
    narrow `dcgan_discriminator`, without normalisation for a penalty on its gradient,
    whose first layer is there twice.

    Args:
        image_shape: `(height, width, channels)` of a pair, of twice the width of one
            image; height divisible by 4, width by 8.
        latent_dim: int, the length of one latent vector.
        width: int, the channels of D's first layer; twice as many at a quarter of the
            size, and in G four times as many there.
        shared_maps: int, the maps that both images are drawn from.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s, for pairs of images side by
        side.

    Raises:
        ValueError: if the image shape cannot be built, or a number is not positive.

    Example:

    ```python
    networks = keras_gan.architectures.coupled_dcgan((28, 56, 1), width=8)
    gan = keras_gan.models.CoGAN(*networks)
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536;
    Radford et al. 2015, arXiv:1511.06434.
    """
    return (
        coupled_dcgan_generator(image_shape, latent_dim, width, shared_maps),
        coupled_dcgan_discriminator(image_shape, width),
    )


def coupled_dcgan_generator(
    image_shape: Sequence[int] = (28, 56, 1),
    latent_dim: int = 64,
    width: int = 32,
    shared_maps: int = 1,
) -> keras.Model:
    """The generators of `coupled_dcgan`: latents to pairs of images in [-1, 1].

    Each image is drawn by two convolutions of its own, which see 7 x 7 pixels of the
    maps: a stroke is where a map is high, and its outline where it is a little lower.
    The maps have half the size of an image, and are enlarged and blurred, so that
    neither image can hide in stripes of the other one.

    Args:
        image_shape: `(height, width, channels)` of a pair.
        latent_dim: int, the length of one latent vector.
        width: int, a quarter of the channels at a quarter of the size.
        shared_maps: int, the maps that both images are drawn from.

    Returns:
        A `keras.Model` from latents to pairs `(batch, height, width, channels)`.

    Raises:
        ValueError: if the image shape cannot be built, or a number is not positive.

    Example:

    ```python
    generator = keras_gan.architectures.coupled_dcgan_generator(width=8)
    pairs = generator(keras.ops.ones((4, 64)))  # (4, 28, 56, 1)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    image_height, image_width, channels = one_of_two(image_shape)
    width = arguments.integer("width", width)
    shared_maps = arguments.integer("shared_maps", shared_maps)
    base = (image_height // 4, image_width // 4, 4 * width)
    x = latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(base[0] * base[1] * base[2], use_bias=False, name="base_dense")(x)
    x = layers.Reshape(base, name="base_reshape")(x)
    x = _active(x, "base")
    for i in (1, 2):
        x = _active(
            _conv(4 * width, 3, f"extra_{i}_conv", use_bias=False)(x), f"extra_{i}"
        )
    x = Conv2DTranspose(
        2 * width, 4, strides=2, padding="same", use_bias=False, name="block_1_up"
    )(x)
    x = _active(x, "block_1_up")
    x = _active(_conv(2 * width, 3, "block_1_conv", use_bias=False)(x), "block_1")
    maps = _enlarged(_conv(shared_maps, 3, "maps_conv", use_bias=False)(x))
    images = [_drawn(maps, channels, width, name) for name in "ab"]
    return keras.Model(latents, side_by_side(images), name="generator")


def coupled_dcgan_discriminator(
    image_shape: Sequence[int] = (28, 56, 1), width: int = 32
) -> keras.Model:
    """The discriminators of `coupled_dcgan`: pairs of images to two logits.

    Args:
        image_shape: `(height, width, channels)` of a pair.
        width: int, the channels of the first convolution.

    Returns:
        A `keras.Model` from pairs to logits `(batch, 2)`, of the first and of the
        second image.

    Raises:
        ValueError: if the image shape cannot be built, or the width is not positive.

    Example:

    ```python
    discriminator = keras_gan.architectures.coupled_dcgan_discriminator(width=8)
    discriminator(keras.ops.ones((4, 28, 56, 1))).shape  # (4, 2)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    pairs, images = halves(one_of_two(image_shape))
    width = arguments.integer("width", width)
    shared = [
        _conv(2 * width, 4, "shared_conv", strides=2),
        layers.LeakyReLU(0.2, name="shared_leaky_relu"),
        _conv(2 * width, 3, "extra_1_conv"),
        layers.LeakyReLU(0.2, name="extra_1_leaky_relu"),
        layers.Flatten(data_format="channels_last", name="flat"),
        layers.Dense(1, dtype="float32", name="logits"),
    ]
    logits = []
    for name, image in images.items():
        x = _conv(width, 4, f"conv_{name}", strides=2)(image)
        x = layers.LeakyReLU(0.2, name=f"leaky_relu_{name}")(x)
        for layer in shared:
            x = layer(x)
        logits.append(x)
    both = layers.Concatenate(dtype="float32", name="both_logits")(logits)
    return keras.Model(pairs, both, name="discriminator")


def _enlarged(maps):
    """Double the size of maps, smoothly."""
    channels_last = {"data_format": "channels_last"}
    x = layers.UpSampling2D(
        2, interpolation="bilinear", name="maps_up", **channels_last
    )(maps)
    x = layers.AveragePooling2D(3, 1, "same", name="maps_smooth", **channels_last)(x)
    return _norm(x, "maps_norm")


def _drawn(maps, channels, width, name):
    """Draw one of the images from the maps."""
    x = _conv(max(width // 2, 1), 5, f"drawing_conv_{name}")(maps)
    x = layers.PReLU(shared_axes=[1, 2], name=f"drawing_prelu_{name}")(x)
    return layers.Conv2D(
        channels,
        3,
        padding="same",
        activation="tanh",
        data_format="channels_last",
        dtype="float32",
        name=f"to_images_{name}",
    )(x)


def _active(x, name):
    x = _norm(x, f"{name}_norm")
    return layers.PReLU(shared_axes=[1, 2], name=f"{name}_prelu")(x)


def _conv(filters, size, name, **kwargs):
    return Conv2D(filters, size, padding="same", name=name, **kwargs)


def _norm(x, name):
    return BatchNormalization(momentum=0.9, scale=False, name=name)(x)
