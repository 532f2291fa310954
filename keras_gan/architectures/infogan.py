"""The networks of InfoGAN on digits, with a recognition head on D's trunk."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.layers import BatchNormalization, Conv2D, Conv2DTranspose
from keras_gan.validation import arguments


def infogan(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 74,
    code_dim: int = 12,
    width: int = 64,
    units: int = 1024,
    discriminator_batch_norm: bool = True,
) -> tuple[keras.Model, keras.Model]:
    """A generator, and a discriminator that recognises the codes of its images.

    The published networks: two strided convolutions and a dense layer, in G the other
    way round. D and the recognition head share all but their last layers.

    Args:
        image_shape: `(height, width, channels)`; height and width divisible by 4.
        latent_dim: int, the length of a latent, codes included: `prior.latent_dim`.
        code_dim: int, the length of its codes: `prior.code_dim`.
        width: int, the channels at half resolution; twice as many at a quarter.
        units: int, those of the dense layer.
        discriminator_batch_norm: bool, whether D is normalised too.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built, or the codes are longer than
            the latent.

    Example:

    ```python
    prior = keras_gan.latents.default_codes()
    networks = keras_gan.architectures.infogan(
        (28, 28, 1), prior.latent_dim, prior.code_dim, width=8, units=32
    )
    gan = keras_gan.models.InfoGAN(*networks, prior=prior)
    ```

    Chen et al. 2016, "InfoGAN: Interpretable Representation Learning by Information
    Maximizing Generative Adversarial Nets", arXiv:1606.03657.
    """
    if code_dim > latent_dim:
        raise ValueError(
            "The codes are a part of the latent. Received: "
            f"latent_dim={latent_dim}, code_dim={code_dim}"
        )
    return (
        infogan_generator(image_shape, latent_dim, width, units),
        infogan_discriminator(
            image_shape, code_dim, width, units, discriminator_batch_norm
        ),
    )


def infogan_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 74,
    width: int = 64,
    units: int = 1024,
) -> keras.Model:
    """The generator of `infogan`: latents to images in [-1, 1].

    Args:
        image_shape: `(height, width, channels)`, as in `infogan`.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution.
        units: int, those of the dense layer.

    Returns:
        A `keras.Model` from latents to images.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    generator = keras_gan.architectures.infogan_generator(width=8, units=32)
    generator(keras.ops.ones((4, 74))).shape  # (4, 28, 28, 1)
    ```

    Chen et al. 2016, arXiv:1606.03657.
    """
    image_height, image_width, channels = quartered(image_shape)
    base = (image_height // 4, image_width // 4, 2 * width)
    x = latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(units, use_bias=False, name="hidden_dense")(x)
    x = layers.ReLU(name="dense_relu")(_norm(x, "dense_norm"))
    size = base[0] * base[1] * base[2]
    x = layers.Dense(size, use_bias=False, name="base_dense")(x)
    x = layers.ReLU(name="base_relu")(_norm(x, "base_norm"))
    x = layers.Reshape(base, name="base_reshape")(x)
    x = _up(width, use_bias=False, name="block_1_conv")(x)
    x = layers.ReLU(name="block_1_relu")(_norm(x, "block_1_norm"))
    images = _up(channels, activation="tanh", dtype="float32", name="to_images")(x)
    return keras.Model(latents, images, name="generator")


def infogan_discriminator(
    image_shape: Sequence[int] = (28, 28, 1),
    code_dim: int = 12,
    width: int = 64,
    units: int = 1024,
    batch_norm: bool = True,
) -> keras.Model:
    """The discriminator of `infogan`, and the recognition head on its trunk.

    Args:
        image_shape: `(height, width, channels)`, as in `infogan`.
        code_dim: int, the length of all codes together.
        width: int, the channels at half resolution.
        units: int, those of the dense layer that both heads share.
        batch_norm: bool, False for a network without normalisation.

    Returns:
        A `keras.Model` from images to `[logits, codes]`, `(batch, 1)` and
        `(batch, code_dim)`.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    discriminator = keras_gan.architectures.infogan_discriminator(width=8, units=32)
    logits, codes = discriminator(keras.ops.ones((4, 28, 28, 1)))
    codes.shape  # (4, 12)
    ```

    Chen et al. 2016, arXiv:1606.03657.
    """
    x = images = keras.Input(quartered(image_shape), name="images")
    x = Conv2D(width, 4, strides=2, padding="same", name="block_1_conv")(x)
    x = layers.LeakyReLU(0.1, name="block_1_leaky_relu")(x)
    x = Conv2D(
        2 * width,
        4,
        strides=2,
        padding="same",
        use_bias=not batch_norm,
        name="block_2_conv",
    )(x)
    x = _norm(x, "block_2_norm") if batch_norm else x
    x = layers.LeakyReLU(0.1, name="block_2_leaky_relu")(x)
    x = layers.Flatten(data_format="channels_last", name="flat")(x)
    x = layers.Dense(units, use_bias=not batch_norm, name="hidden_dense")(x)
    x = _norm(x, "dense_norm") if batch_norm else x
    features = layers.LeakyReLU(0.1, name="features")(x)
    codes = heads.recognized_codes(features, code_dim, units // 8, batch_norm)
    outputs = [heads.logit(features), codes]
    return keras.Model(images, outputs, name="discriminator")


def quartered(image_shape: Sequence[int]) -> tuple[int, int, int]:
    """Return the shape of images that can be halved twice.

    Args:
        image_shape: `(height, width, channels)`.

    Raises:
        ValueError: if height or width are not divisible by 4.
    """
    image_height, image_width, channels = arguments.image_shape(image_shape)
    if image_height % 4 or image_width % 4:
        raise ValueError(
            "Height and width must be divisible by 4, for two halvings. Received: "
            f"{image_shape!r}. Pad or resize the images."
        )
    return image_height, image_width, channels


def _up(filters, **kwargs):
    return Conv2DTranspose(filters, 4, strides=2, padding="same", **kwargs)


def _norm(x, name):
    return BatchNormalization(momentum=0.9, name=name)(x)
