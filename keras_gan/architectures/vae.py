"""The networks of variational autoencoders: encoders, decoders, posteriors."""

import math
from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.infogan import quartered
from keras_gan.architectures.mlp import mlp_generator
from keras_gan.layers import AutoregressiveDense, Conv2D, Conv2DTranspose
from keras_gan.validation import arguments


def vae(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 32,
    width: int = 32,
    num_blocks: int = 1,
    units: int = 256,
) -> tuple[keras.Model, keras.Model]:
    """An encoder and a generator of residual convolutions, without normalisation.

    Two halvings; at each size residual blocks of two 3x3 convolutions, whose second
    starts at 0. The generator is the encoder the other way round. It is as good a
    generator for a `keras_gan.GAN`.

    Args:
        image_shape: `(height, width, channels)`; height and width divisible by 4.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution; twice as many at a quarter.
        num_blocks: int, the residual blocks at each size.
        units: int, those of the dense layers.

    Returns:
        `(encoder, generator)`, two `keras.Model`s. The encoder's outputs are the means
        and the logarithms of the standard deviations, `(batch, 2 * latent_dim)`.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    networks = keras_gan.architectures.vae((28, 28, 1), width=8, units=32)
    vae = keras_gan.models.VAE(*networks)
    ```

    Kingma et al. 2016, "Improving Variational Inference with Inverse Autoregressive
    Flow", arXiv:1606.04934, whose networks these are like.
    """
    return (
        vae_encoder(image_shape, latent_dim, width, num_blocks, units),
        vae_generator(image_shape, latent_dim, width, num_blocks, units),
    )


def vae_encoder(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 32,
    width: int = 32,
    num_blocks: int = 1,
    units: int = 256,
    context: int = 0,
) -> keras.Model:
    """The encoder of `vae`: images to a normal distribution of latents.

    Args:
        image_shape: `(height, width, channels)`, as in `vae`.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution.
        num_blocks: int, the residual blocks at each size.
        units: int, those of the dense layer.
        context: int, the length of a second output, for `vae_posterior`; 0 for none.

    Returns:
        A `keras.Model` from images to means and log standard deviations,
        `(batch, 2 * latent_dim)`; with a context to `[statistics, context]`.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    encoder = keras_gan.architectures.vae_encoder(width=8, units=32)
    encoder(keras.ops.ones((4, 28, 28, 1))).shape  # (4, 64)
    ```

    Kingma et al. 2016, arXiv:1606.04934.
    """
    x = images = keras.Input(quartered(image_shape), name="images")
    x = Conv2D(width, 4, strides=2, padding="same", name="from_images")(x)
    x = _blocks(x, num_blocks, "half")
    x = Conv2D(2 * width, 2, strides=2, name="downsample")(x)
    x = layers.Activation("silu", name="silu")(_blocks(x, num_blocks, "quarter"))
    x = layers.Flatten(data_format="channels_last", name="flat")(x)
    x = layers.Dense(units, "silu", name="hidden_dense")(x)
    outputs = latent_statistics(x, latent_dim)
    if context:
        seen = layers.Dense(context, "silu", dtype="float32", name="context")(x)
        outputs = [outputs, seen]
    return keras.Model(images, outputs, name="encoder")


def vae_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 32,
    width: int = 32,
    num_blocks: int = 1,
    units: int = 256,
) -> keras.Model:
    """The generator of `vae`: latents to images in [-1, 1].

    Args:
        image_shape: `(height, width, channels)`, as in `vae`.
        latent_dim: int, the length of a latent.
        width: int, the channels at half resolution.
        num_blocks: int, the residual blocks at each size.
        units: int, those of the dense layer.

    Returns:
        A `keras.Model` from latents to images.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    generator = keras_gan.architectures.vae_generator(width=8, units=32)
    generator(keras.ops.ones((4, 32))).shape  # (4, 28, 28, 1)
    ```

    Kingma et al. 2016, arXiv:1606.04934.
    """
    image_height, image_width, channels = quartered(image_shape)
    base = (image_height // 4, image_width // 4, 2 * width)
    x = latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(units, "silu", name="hidden_dense")(x)
    x = layers.Dense(math.prod(base), name="base_dense")(x)
    x = layers.Reshape(base, name="base_reshape")(x)
    x = _blocks(x, num_blocks, "quarter")
    x = Conv2DTranspose(width, 2, strides=2, name="upsample")(x)
    x = layers.Activation("silu", name="silu")(_blocks(x, num_blocks, "half"))
    images = Conv2DTranspose(
        channels,
        4,
        strides=2,
        padding="same",
        activation="tanh",
        dtype="float32",
        name="to_images",
    )(x)
    return keras.Model(latents, images, name="generator")


def vae_posterior(
    latent_dim: int = 32, context: int = 32, units: int = 256
) -> keras.Model:
    """A posterior beyond independent normals: an inverse autoregressive flow.

    The mean and the standard deviation of latent i follow the noise of the latents
    before it, so that the latents of an image can depend on each other. Given that
    noise each is normal: the divergence from the prior stays in closed form.

    Args:
        latent_dim: int, the length of a latent.
        context: int, that of the encoder's second output, which the network sees.
        units: int, those of its two hidden layers.

    Returns:
        A `keras.Model` from `[statistics, context, noise]`, the encoder's outputs and
        `(batch, latent_dim)`, to means and log standard deviations,
        `(batch, 2 * latent_dim)`.

    Raises:
        ValueError: if a size is not a positive integer.

    Example:

    ```python
    encoder = keras_gan.architectures.vae_encoder(width=8, units=32, context=16)
    generator = keras_gan.architectures.vae_generator(width=8, units=32)
    posterior = keras_gan.architectures.vae_posterior(32, context=16, units=64)
    vae = keras_gan.models.VAE(encoder, generator, posterior=posterior)
    ```

    Kingma et al. 2016, arXiv:1606.04934.
    """
    latent_dim = arguments.integer("latent_dim", latent_dim)
    context = arguments.integer("context", context)
    statistics = keras.Input((2 * latent_dim,), name="statistics")
    seen = keras.Input((context,), name="context")
    noise = keras.Input((latent_dim,), name="noise")
    x = AutoregressiveDense(units, latent_dim, is_first=True, name="hidden_1")(noise)
    x = layers.Add(name="hidden_1_add")([x, layers.Dense(units, name="see")(seen)])
    x = layers.Activation("silu", name="hidden_1_silu")(x)
    x = AutoregressiveDense(units, latent_dim, name="hidden_2")(x)
    x = layers.Activation("silu", name="hidden_2_silu")(x)
    x = AutoregressiveDense(
        2 * latent_dim,
        latent_dim,
        is_last=True,
        kernel_initializer=keras.initializers.RandomNormal(stddev=1e-3),
        dtype="float32",
        name="to_changes",
    )(x)
    changed = layers.Add(dtype="float32", name="changed")([statistics, x])
    return keras.Model([statistics, seen, noise], changed, name="posterior")


def mlp_vae(
    data_shape: Sequence[int],
    latent_dim: int = 20,
    encoder_units: Sequence[int] = (500,),
    generator_units: Sequence[int] = (500,),
) -> tuple[keras.Model, keras.Model]:
    """Perceptrons as encoder and generator, for data of any shape.

    With one hidden layer of 500 units and 20 latents, as first published for digits.

    Args:
        data_shape: tuple, the shape of one example: `(2,)`, `(28, 28, 1)`.
        latent_dim: int, the length of a latent.
        encoder_units: ints, the widths of the encoder's hidden layers.
        generator_units: ints, those of the generator.

    Returns:
        `(encoder, generator)`, two `keras.Model`s, as `vae`.

    Raises:
        ValueError: if `data_shape` is no shape.

    Example:

    ```python
    vae = keras_gan.models.VAE(
        *keras_gan.architectures.mlp_vae((2,), latent_dim=2), likelihood="gaussian"
    )
    ```

    Kingma and Welling 2013, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
    """
    return (
        mlp_vae_encoder(data_shape, latent_dim, encoder_units),
        mlp_vae_generator(data_shape, latent_dim, generator_units),
    )


def mlp_vae_encoder(
    data_shape: Sequence[int],
    latent_dim: int = 20,
    encoder_units: Sequence[int] = (500,),
) -> keras.Model:
    """The encoder of `mlp_vae`: data to a normal distribution of latents.

    Args:
        data_shape: tuple, the shape of one example.
        latent_dim: int, the length of a latent.
        encoder_units: ints, the widths of the hidden layers.

    Returns:
        A `keras.Model` from data to means and log standard deviations,
        `(batch, 2 * latent_dim)`.

    Raises:
        ValueError: if `latent_dim` is not a positive integer.

    Example:

    ```python
    encoder = keras_gan.architectures.mlp_vae_encoder((2,), latent_dim=2)
    encoder(keras.ops.ones((4, 2))).shape  # (4, 4)
    ```

    Kingma and Welling 2013, arXiv:1312.6114.
    """
    data = keras.Input(tuple(data_shape), name="data")
    x = layers.Flatten(data_format="channels_last", name="flatten")(data)
    for i, units in enumerate(encoder_units, start=1):
        x = layers.Dense(units, "tanh", name=f"hidden_{i}")(x)
    return keras.Model(data, latent_statistics(x, latent_dim), name="encoder")


def mlp_vae_generator(
    data_shape: Sequence[int],
    latent_dim: int = 20,
    generator_units: Sequence[int] = (500,),
) -> keras.Model:
    """The generator of `mlp_vae`, which is that of `mlp`: latents to data.

    Args:
        data_shape: tuple, the shape of one example.
        latent_dim: int, the length of a latent.
        generator_units: ints, the widths of the hidden layers.

    Returns:
        A `keras.Model` from latents to data.

    Raises:
        ValueError: if `data_shape` is no shape.

    Example:

    ```python
    generator = keras_gan.architectures.mlp_vae_generator((2,), latent_dim=2)
    generator(keras.ops.ones((4, 2))).shape  # (4, 2)
    ```

    Kingma and Welling 2013, arXiv:1312.6114.
    """
    return mlp_generator(data_shape, latent_dim, None, generator_units)


def latent_statistics(
    features: keras.KerasTensor, latent_dim: int
) -> keras.KerasTensor:
    """End an encoder: means and log standard deviations, which start near 0.

    Args:
        features: symbolic tensor `(batch, units)`.
        latent_dim: int, the length of a latent.

    Returns:
        A symbolic tensor `(batch, 2 * latent_dim)`.
    """
    return layers.Dense(
        2 * arguments.integer("latent_dim", latent_dim),
        kernel_initializer=keras.initializers.VarianceScaling(0.1),
        dtype="float32",
        name="statistics",
    )(features)


def _blocks(x, num_blocks, name):
    """Residual blocks that start as the identity."""
    filters = x.shape[-1]
    for i in range(1, num_blocks + 1):
        y = layers.Activation("silu", name=f"{name}_{i}_silu_1")(x)
        y = Conv2D(filters, 3, padding="same", name=f"{name}_{i}_conv_1")(y)
        y = layers.Activation("silu", name=f"{name}_{i}_silu_2")(y)
        y = Conv2D(
            filters,
            3,
            padding="same",
            kernel_initializer="zeros",
            name=f"{name}_{i}_conv_2",
        )(y)
        x = layers.Add(name=f"{name}_{i}_add")([x, y])
    return x
