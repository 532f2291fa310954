"""The networks of a VAE-GAN: encoder, generator, and a discriminator with features."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.architectures.dcgan import dcgan_discriminator
from keras_gan.architectures.infogan import infogan_generator, quartered
from keras_gan.architectures.vae import latent_statistics
from keras_gan.layers import BatchNormalization, Conv2D


def vaegan(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    width: int = 64,
    units: int = 1024,
) -> tuple[keras.Model, keras.Model, keras.Model]:
    """An encoder, a generator, and a discriminator that shows its features.

    Two strided convolutions and a dense layer each, with batch normalisation, for small
    images; the published networks have a third for 64 x 64.

    Args:
        image_shape: `(height, width, channels)`; height and width divisible by 4.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution; twice as many at a quarter.
        units: int, those of the dense layer.

    Returns:
        `(encoder, generator, discriminator)`, three `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    networks = keras_gan.architectures.vaegan((28, 28, 1), width=8, units=32)
    vaegan = keras_gan.models.VAEGAN(*networks)
    ```

    Larsen et al. 2016, "Autoencoding beyond pixels using a learned similarity metric",
    arXiv:1512.09300.
    """
    return (
        vaegan_encoder(image_shape, latent_dim, width, units),
        vaegan_generator(image_shape, latent_dim, width, units),
        vaegan_discriminator(image_shape, width, units),
    )


def vaegan_encoder(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    width: int = 64,
    units: int = 1024,
) -> keras.Model:
    """The encoder of `vaegan`: images to a normal distribution of latents.

    Args:
        image_shape: `(height, width, channels)`, as in `vaegan`.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution.
        units: int, those of the dense layer.

    Returns:
        A `keras.Model` from images to means and log standard deviations,
        `(batch, 2 * latent_dim)`.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    encoder = keras_gan.architectures.vaegan_encoder(width=8, units=32)
    encoder(keras.ops.ones((4, 28, 28, 1))).shape  # (4, 256)
    ```

    Larsen et al. 2016, arXiv:1512.09300.
    """
    x = images = keras.Input(quartered(image_shape), name="images")
    for i in (1, 2):
        x = _down(i * width, use_bias=False, name=f"block_{i}_conv")(x)
        x = layers.ReLU(name=f"block_{i}_relu")(_norm(x, f"block_{i}_norm"))
    x = layers.Flatten(data_format="channels_last", name="flat")(x)
    x = layers.Dense(units, use_bias=False, name="hidden_dense")(x)
    x = layers.ReLU(name="dense_relu")(_norm(x, "dense_norm"))
    return keras.Model(images, latent_statistics(x, latent_dim), name="encoder")


def vaegan_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    width: int = 64,
    units: int = 1024,
) -> keras.Model:
    """The generator of `vaegan`, which is that of `infogan`: latents to images.

    Args:
        image_shape: `(height, width, channels)`, as in `vaegan`.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution.
        units: int, those of the dense layer.

    Returns:
        A `keras.Model` from latents to images in [-1, 1].

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    generator = keras_gan.architectures.vaegan_generator(width=8, units=32)
    generator(keras.ops.ones((4, 128))).shape  # (4, 28, 28, 1)
    ```

    Larsen et al. 2016, arXiv:1512.09300.
    """
    return infogan_generator(image_shape, latent_dim, width, units)


def vaegan_discriminator(
    image_shape: Sequence[int] = (28, 28, 1),
    width: int = 64,
    units: int = 1024,
    batch_norm: bool = True,
    num_extra_convs: int = 0,
) -> keras.Model:
    """The discriminator of `vaegan`: images to logits and features.

    The features are those of the last convolution, normalised: for without that a
    discriminator of larger weights would make every error larger.

    Args:
        image_shape: `(height, width, channels)`, as in `vaegan`.
        width: int, the channels at half resolution.
        units: int, those of the dense layer, which only the published network has.
        batch_norm: bool, False for that of `dcgan` without normalisation, kernels of 4,
            for `keras_gan.penalties`. Only the features are normalised then.
        num_extra_convs: int, of `dcgan`, for a network without `batch_norm`.

    Returns:
        A `keras.Model` from images to `[logits, features]`, `(batch, 1)` and
        `(batch, height / 4, width / 4, 2 * width)`.

    Raises:
        ValueError: if the image shape cannot be built, or the settings contradict each
            other.

    Example:

    ```python
    discriminator = keras_gan.architectures.vaegan_discriminator(width=8, units=32)
    logits, features = discriminator(keras.ops.ones((4, 28, 28, 1)))
    features.shape  # (4, 7, 7, 16)
    ```

    Larsen et al. 2016, arXiv:1512.09300.
    """
    if not batch_norm:
        return _without_norm(image_shape, width, num_extra_convs)
    if num_extra_convs:
        raise ValueError(
            "`num_extra_convs` is for the network of `batch_norm=False`. Received: "
            f"{num_extra_convs}, with `batch_norm=True`."
        )
    x = images = keras.Input(quartered(image_shape), name="images")
    x = _down(width, name="block_1_conv")(x)
    x = layers.LeakyReLU(0.2, name="block_1_leaky_relu")(x)
    x = _down(2 * width, use_bias=False, name="block_2_conv")(x)
    x = _norm(x, "block_2_norm")
    features = layers.Activation("linear", dtype="float32", name="features")(x)
    x = layers.LeakyReLU(0.2, name="block_2_leaky_relu")(x)
    x = layers.Flatten(data_format="channels_last", name="flat")(x)
    x = layers.Dense(units, use_bias=False, name="hidden_dense")(x)
    x = layers.LeakyReLU(0.2, name="dense_leaky_relu")(_norm(x, "dense_norm"))
    return keras.Model(images, [heads.logit(x), features], name="discriminator")


def _without_norm(image_shape, width, num_extra_convs):
    discriminator = dcgan_discriminator(
        quartered(image_shape),
        width=width,
        kernel_size=4,
        batch_norm=False,
        num_extra_convs=num_extra_convs,
    )
    x = discriminator.get_layer("features").input  # before they are flattened
    features = BatchNormalization(
        center=False, scale=False, momentum=0.9, dtype="float32", name="features_norm"
    )(x)
    return keras.Model(
        discriminator.input, [discriminator.output, features], name="discriminator"
    )


def _down(filters, **kwargs):
    return Conv2D(filters, 4, strides=2, padding="same", **kwargs)


def _norm(x, name):
    return BatchNormalization(momentum=0.9, name=name)(x)
