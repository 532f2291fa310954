"""The networks in Keras, for every program that runs on it."""

import keras
from keras import layers


def build(nets, dtype, kinds=layers):
    """Build both networks under a dtype policy, which becomes the global one.

    Args:
        nets: `Nets`.
        dtype: str, the policy. The last layers compute in float32 under any.
        kinds: the module of the convolutions, `BatchNormalization` and `Dropout`.

    Returns:
        `(generator, discriminator)`.
    """
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(dtype)
    return generator(nets, kinds), discriminator(nets, kinds)


def generator(nets, kinds):
    height, width, channels = nets.base
    *hidden, (image_channels, last_stride) = nets.ups

    def normalized(x):
        return layers.LeakyReLU(nets.generator_slope)(kinds.BatchNormalization()(x))

    latents = keras.Input((nets.latent_dim,))
    x = layers.Dense(height * width * channels, use_bias=False)(latents)
    reshape = layers.Reshape(nets.base)
    x = reshape(normalized(x)) if nets.base_norm == "unit" else normalized(reshape(x))
    for filters, stride in hidden:
        x = normalized(_up(nets, kinds, filters, stride, use_bias=False)(x))
    images = _up(
        nets,
        kinds,
        image_channels,
        last_stride,
        use_bias=nets.output_bias,
        activation="tanh",
        dtype="float32",
    )(x)
    return keras.Model(latents, images, name="generator")


def discriminator(nets, kinds):
    images = keras.Input(nets.image_shape)
    x = images
    for stage, (filters, stride) in enumerate(nets.downs):
        normalized = nets.discriminator_batch_norm and stage > 0
        x = kinds.Conv2D(
            filters, nets.kernel_size, stride, padding="same", use_bias=not normalized
        )(x)
        x = kinds.BatchNormalization()(x) if normalized else x
        x = layers.LeakyReLU(nets.discriminator_slope)(x)
        x = kinds.Dropout(nets.dropout)(x) if nets.dropout else x
    logits = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


def _up(nets, kinds, filters, stride, **kwargs):
    return kinds.Conv2DTranspose(
        filters, nets.kernel_size, stride, padding="same", **kwargs
    )
