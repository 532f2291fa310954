"""Multilayer perceptrons, for vectors, small images and first experiments."""

import math
import random

import keras
from keras import layers

from keras_gan.layers import Maxout, Packing
from keras_gan.validation import arguments


def mlp(
    data_shape,
    latent_dim=64,
    num_classes=None,
    generator_units=(256, 256),
    discriminator_units=(256, 256),
    num_packed=1,
    conditioning="concatenation",
):
    """A pair of plain perceptrons for data of any shape.

    Pictures, data of three axes, come out of a tanh, in [-1, 1]. Anything else,
    such as points in the plane, is not bounded.

    Args:
        data_shape: tuple, the shape of one example: `(2,)`, `(28, 28, 1)`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        generator_units: ints, the widths of the generator's hidden layers.
        discriminator_units: ints, those of the discriminator.
        num_packed: int, how many examples the discriminator judges together, for
            one logit; see `keras_gan.layers.Packing`. Not with an auxiliary
            classifier.
        conditioning: what the label does, where there is one.
            `"concatenation"`: an embedding of it is appended to the latents in G,
            and to the data in D. `"auxiliary"`: D takes no label but tells it, by
            a second output `(batch, num_classes)`, for `keras_gan.models.ACGAN`.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if `data_shape` is no shape, or the conditioning is unknown or
            does not go with packing.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.mlp((2,), latent_dim=16)
    gan = keras_gan.GAN(generator, discriminator)
    ```
    """
    data_shape = _checked(data_shape)
    arguments.one_of("conditioning", conditioning, ("concatenation", "auxiliary"))
    num_classes = arguments.num_classes(num_classes)
    classifies = num_classes is not None and conditioning == "auxiliary"
    if classifies and num_packed != 1:
        raise ValueError(
            f"num_packed={num_packed} makes one logit for several examples, and "
            'auxiliary one for every label. Use conditioning="concatenation".'
        )

    latent_dim = arguments.integer("latent_dim", latent_dim)
    latents = keras.Input((latent_dim,), name="latents")
    x, inputs = _with_label(latents, num_classes)
    for units in generator_units:
        x = layers.Dense(units, kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    activation = "tanh" if len(data_shape) == 3 else None
    x = layers.Dense(math.prod(data_shape), activation=activation, dtype="float32")(x)
    data = layers.Reshape(data_shape, dtype="float32")(x)
    generator = keras.Model(inputs, data, name="generator")

    data = keras.Input(data_shape, name="data")
    told = None if classifies else num_classes
    x, inputs = _with_label(layers.Flatten()(data), told, data)
    x = Packing(num_packed)(x) if num_packed != 1 else x
    for units in discriminator_units:
        x = layers.Dense(units, kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    logits = layers.Dense(1, dtype="float32")(x)
    if classifies:
        logits = [logits, layers.Dense(num_classes, dtype="float32")(x)]
    discriminator = keras.Model(inputs, logits, name="discriminator")
    return generator, discriminator


def mlp_2014(image_shape=(28, 28, 1), latent_dim=100):
    """The networks of the first GAN, as its authors ran them on MNIST.

    The generator has two layers of 1200 rectifiers and a sigmoid, here stretched
    from [0, 1] to [-1, 1]. The discriminator has two layers of 240 maxout units
    of 5 pieces, with dropout in front of every layer. Weights start uniform, in
    [-0.05, 0.05] for the generator and [-0.005, 0.005] for the discriminator. Use
    the prior `keras_gan.latents.Uniform(100)`.

    Args:
        image_shape: tuple, the shape of one image.
        latent_dim: int, the length of one latent vector.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.mlp_2014()
    prior = keras_gan.latents.Uniform(100)
    gan = keras_gan.GAN(generator, discriminator, prior=prior)
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661, and
    the settings published with it.
    """
    image_shape = _checked(image_shape)

    latent_dim = arguments.integer("latent_dim", latent_dim)
    latents = x = keras.Input((latent_dim,), name="latents")
    for _ in range(2):
        x = layers.Dense(1200, "relu", kernel_initializer=_uniform(0.05))(x)
    x = layers.Dense(
        math.prod(image_shape),
        "sigmoid",
        kernel_initializer=_uniform(0.05),
        dtype="float32",
    )(x)
    x = layers.Rescaling(2.0, -1.0, dtype="float32")(x)
    images = layers.Reshape(image_shape, dtype="float32")(x)
    generator = keras.Model(latents, images, name="generator")

    images = keras.Input(image_shape, name="images")
    x = _dropout(0.2)(layers.Flatten()(images))
    for _ in range(2):
        x = Maxout(240, num_pieces=5, kernel_initializer=_uniform(0.005))(x)
        x = _dropout(0.5)(x)
    logits = layers.Dense(1, kernel_initializer=_uniform(0.005), dtype="float32")(x)
    discriminator = keras.Model(images, logits, name="discriminator")
    return generator, discriminator


def _checked(data_shape):
    shape = tuple(data_shape)
    if not shape or any(int(size) != size or size < 1 for size in shape):
        raise ValueError(
            "The shape of one example is a tuple of positive integers, such as (2,) "
            f"or (28, 28, 1). Received: {data_shape!r}"
        )
    return shape


def _with_label(vector, num_classes, data=None):
    """Append an embedding of the class to a vector; return the model's inputs too."""
    data = vector if data is None else data
    if num_classes is None:
        return vector, data
    labels = keras.Input((), dtype="int32", name="labels")
    embedding = layers.Embedding(num_classes, 16)(labels)  # (batch, 16)
    return layers.Concatenate()([vector, embedding]), [data, labels]


def _dropout(rate):
    # Seeded, for under torch Keras draws unseeded dropout from torch's global
    # generator, which no checkpoint holds.
    return layers.Dropout(rate, seed=random.randrange(2**31))


def _uniform(limit):
    return keras.initializers.RandomUniform(-limit, limit)
