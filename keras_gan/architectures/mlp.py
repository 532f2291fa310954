"""Multilayer perceptrons, for vectors, small images and first experiments."""

import math
import random
from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

from keras_gan.architectures import heads
from keras_gan.layers import Maxout, Packing
from keras_gan.validation import arguments

CONDITIONINGS = ("concatenation", "auxiliary")


def mlp(
    data_shape: Sequence[int],
    latent_dim: int = 64,
    num_classes: int | None = None,
    generator_units: Sequence[int] = (256, 256),
    discriminator_units: Sequence[int] = (256, 256),
    num_packed: int = 1,
    conditioning: str = "concatenation",
) -> tuple[keras.Model, keras.Model]:
    """A pair of plain perceptrons for data of any shape.

    Images, data of three axes, come out of a tanh, in [-1, 1]. Anything else,
    such as points in the plane, is not bounded.

    Args:
        data_shape: tuple, the shape of one example: `(2,)`, `(28, 28, 1)`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        generator_units: ints, the widths of the generator's hidden layers.
        discriminator_units: ints, those of the discriminator.
        num_packed: int, how many examples the discriminator sees together, for
            one logit; see `keras_gan.layers.Packing`. Not with an auxiliary
            classifier.
        conditioning: what the label does, where there is one.
            `"concatenation"`: an embedding of it is appended to the latents in G,
            and to the data in D. `"auxiliary"`: D takes no label but predicts it,
            by a second output `(batch, num_classes)`, for `keras_gan.models.ACGAN`.

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
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    return (
        mlp_generator(data_shape, latent_dim, num_classes, generator_units),
        mlp_discriminator(
            data_shape, num_classes, discriminator_units, num_packed, conditioning
        ),
    )


def mlp_generator(
    data_shape: Sequence[int],
    latent_dim: int = 64,
    num_classes: int | None = None,
    generator_units: Sequence[int] = (256, 256),
) -> keras.Model:
    """The generator of `mlp`: latents to data of any shape.

    Args:
        data_shape: tuple, the shape of one example.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too, embedded
            beside the latents.
        generator_units: ints, the widths of the hidden layers.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to data `(batch, *data_shape)`.

    Raises:
        ValueError: if `data_shape` is no shape.

    Example:

    ```python
    generator = keras_gan.architectures.mlp_generator((2,), latent_dim=16)
    generator(keras.random.normal((4, 16))).shape  # (4, 2)
    ```
    """
    data_shape = _checked(data_shape)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    if labels is not None:
        x = heads.concatenate_label(latents, heads.embed_label(labels, num_classes))
    x = _hidden(x, generator_units)
    activation = "tanh" if len(data_shape) == 3 else None
    x = layers.Dense(
        math.prod(data_shape), activation=activation, dtype="float32", name="to_data"
    )(x)
    data = layers.Reshape(data_shape, dtype="float32", name="data")(x)
    return keras.Model(heads.inputs(latents, labels), data, name="generator")


def mlp_discriminator(
    data_shape: Sequence[int],
    num_classes: int | None = None,
    discriminator_units: Sequence[int] = (256, 256),
    num_packed: int = 1,
    conditioning: str = "concatenation",
) -> keras.Model:
    """The discriminator of `mlp`: data of any shape to logits.

    Args:
        data_shape: tuple, the shape of one example.
        num_classes: int, for a network that takes or predicts a class label.
        discriminator_units: ints, the widths of the hidden layers.
        num_packed: int, how many examples share one logit.
        conditioning: `"concatenation"` or `"auxiliary"`, as in `mlp`.

    Returns:
        A `keras.Model` from data, or from `[data, labels]`, to logits
        `(batch / num_packed, 1)`; with `"auxiliary"`, to `[logits, class_logits]`.

    Raises:
        ValueError: if `data_shape` is no shape, or the conditioning is unknown or
            does not go with packing.

    Example:

    ```python
    discriminator = keras_gan.architectures.mlp_discriminator(
        (2,), discriminator_units=(64, 64)
    )
    discriminator(keras.ops.ones((4, 2))).shape  # (4, 1)
    ```
    """
    data_shape = _checked(data_shape)
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    num_classes = arguments.num_classes(num_classes)
    classifies = num_classes is not None and conditioning == "auxiliary"
    if classifies and num_packed != 1:
        raise ValueError(
            f"num_packed={num_packed} makes one logit for several examples, and "
            'auxiliary one for every label. Use conditioning="concatenation".'
        )

    data = keras.Input(data_shape, name="data")
    x = layers.Flatten(data_format="channels_last", name="flatten")(data)
    labels = None
    if num_classes is not None and not classifies:
        labels = heads.label_input()
        embedding = heads.embed_label(labels, num_classes)
        x = heads.concatenate_label(x, embedding, name="data_with_label")
    x = Packing(num_packed, name="packing")(x) if num_packed != 1 else x
    features = _hidden(x, discriminator_units)
    outputs = heads.logit(features)
    if classifies:
        outputs = [outputs, heads.class_logits(features, num_classes)]
    return keras.Model(heads.inputs(data, labels), outputs, name="discriminator")


def mlp_2014(
    image_shape: Sequence[int] = (28, 28, 1), latent_dim: int = 100
) -> tuple[keras.Model, keras.Model]:
    """The networks of the first GAN, as its authors ran them on MNIST.

    The generator has two layers of 1200 rectifiers and a sigmoid, here stretched
    from [0, 1] to [-1, 1]. The discriminator has two layers of 240 maxout units
    of 5 pieces, with dropout in front of every layer. Weights start uniform, in
    [-0.05, 0.05] for the generator and [-0.005, 0.005] for the discriminator. Use
    the prior of their code, uniform with variance 1. The preset `mlp_2014_mnist` has
    their whole settings.

    Args:
        image_shape: tuple, the shape of one image.
        latent_dim: int, the length of one latent vector.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if `image_shape` is no shape.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.mlp_2014()
    prior = keras_gan.latents.Uniform(100, -(3**0.5), 3**0.5)
    gan = keras_gan.GAN(generator, discriminator, prior=prior)
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661, and
    the settings published with it.
    """
    return (
        mlp_2014_generator(image_shape, latent_dim),
        mlp_2014_discriminator(image_shape),
    )


def mlp_2014_generator(
    image_shape: Sequence[int] = (28, 28, 1), latent_dim: int = 100
) -> keras.Model:
    """The generator of `mlp_2014`: latents to images in [-1, 1].

    Args:
        image_shape: tuple, the shape of one image.
        latent_dim: int, the length of one latent vector.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)` to images
        `(batch, *image_shape)`.

    Raises:
        ValueError: if `image_shape` is no shape.

    Example:

    ```python
    generator = keras_gan.architectures.mlp_2014_generator()
    generator(keras.random.uniform((4, 100), -1.0, 1.0)).shape  # (4, 28, 28, 1)
    ```

    Goodfellow et al. 2014, arXiv:1406.2661.
    """
    image_shape = _checked(image_shape)
    latent_dim = arguments.integer("latent_dim", latent_dim)
    x = latents = keras.Input((latent_dim,), name="latents")
    for i in range(1, 3):
        x = layers.Dense(
            1200, "relu", kernel_initializer=_uniform(0.05), name=f"hidden_{i}"
        )(x)
    x = layers.Dense(
        math.prod(image_shape),
        "sigmoid",
        kernel_initializer=_uniform(0.05),
        dtype="float32",
        name="to_images",
    )(x)
    x = layers.Rescaling(2.0, -1.0, dtype="float32", name="to_range")(x)
    images = layers.Reshape(image_shape, dtype="float32", name="images")(x)
    return keras.Model(latents, images, name="generator")


def set_output_to_mean(generator: keras.Model, data) -> None:
    """Set the bias of a 2014 generator's output layer to the mean image.

    Before the first step it then draws about the mean image, as in the code of
    Goodfellow et al. 2014: each bias is the logit of a pixel's mean, from 0 to 1.

    Args:
        generator: what `mlp_2014_generator` returned.
        data: dataset of batches of images in [-1, 1], or of `(images, labels)`.

    Example:

    ```python
    from keras_gan.architectures.mlp import set_output_to_mean

    generator = keras_gan.architectures.mlp_2014_generator()
    images = np.zeros((10, 28, 28, 1), "float32")
    data = keras_gan.datasets.Batches(images, batch_size=5)
    set_output_to_mean(generator, data)
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661, and
    the settings published with it.
    """
    total, num_images = 0.0, 0
    for index in range(len(data)):
        batch = data[index]
        images = batch[0] if isinstance(batch, tuple | list) else batch
        total = total + np.asarray(images, "float64").sum(axis=0)
        num_images += len(images)
    mean = np.clip((total / num_images + 1.0) / 2.0, 1e-7, 1.0 - 1e-7)
    bias = np.log(mean / (1.0 - mean)).reshape(-1)
    generator.get_layer("to_images").bias.assign(bias.astype("float32"))


def mlp_2014_discriminator(image_shape: Sequence[int] = (28, 28, 1)) -> keras.Model:
    """The discriminator of `mlp_2014`: images to logits.

    Args:
        image_shape: tuple, the shape of one image.

    Returns:
        A `keras.Model` from images to logits `(batch, 1)`.

    Raises:
        ValueError: if `image_shape` is no shape.

    Example:

    ```python
    discriminator = keras_gan.architectures.mlp_2014_discriminator()
    discriminator(keras.ops.ones((4, 28, 28, 1))).shape  # (4, 1)
    ```

    Goodfellow et al. 2014, arXiv:1406.2661.
    """
    images = keras.Input(_checked(image_shape), name="images")
    x = layers.Flatten(data_format="channels_last", name="flatten")(images)
    x = _dropout(0.2, name="input_dropout")(x)
    for i in range(1, 3):
        x = Maxout(
            240,
            num_pieces=5,
            kernel_initializer=_uniform(0.005),
            name=f"hidden_{i}",
        )(x)
        x = _dropout(0.5, name=f"hidden_{i}_dropout")(x)
    logits = heads.logit(x, kernel_initializer=_uniform(0.005))
    return keras.Model(images, logits, name="discriminator")


def _checked(data_shape: Sequence[int]) -> tuple[int, ...]:
    shape = tuple(data_shape)
    if not shape or any(int(size) != size or size < 1 for size in shape):
        raise ValueError(
            "The shape of one example is a tuple of positive integers, such as (2,) "
            f"or (28, 28, 1). Received: {data_shape!r}"
        )
    return shape


def _hidden(x: keras.KerasTensor, units: Sequence[int]) -> keras.KerasTensor:
    for i, num_units in enumerate(units, start=1):
        x = layers.Dense(num_units, kernel_initializer="he_normal", name=f"hidden_{i}")(
            x
        )
        x = layers.LeakyReLU(0.2, name=f"hidden_{i}_leaky_relu")(x)
    return x


def _dropout(rate: float, name: str) -> keras.layers.Layer:
    # Seeded, for under torch Keras draws unseeded dropout from torch's global
    # generator, which no checkpoint holds.
    return layers.Dropout(rate, seed=random.randrange(2**31), name=name)


def _uniform(limit: float) -> keras.initializers.Initializer:
    return keras.initializers.RandomUniform(-limit, limit)
