"""What the networks share: labels, the range of images, what a discriminator returns.

Each function adds layers to a network and returns the tensor that they make. Where
a network has one of these layers, it has the same name in every family, so that
`discriminator.get_layer("logits")` is always the dense layer that gives the logit.
"""

from collections.abc import Callable

import keras
from keras import layers

from keras_gan.layers import (
    BatchNormalization,
    ClipAtInference,
    SpectralNormalization,
)
from keras_gan.validation import arguments

LABEL_FEATURES = 16


def label_input() -> keras.KerasTensor:
    """Return the input `labels`, one integer for each example."""
    return keras.Input((), dtype="int32", name="labels")


def inputs(
    data: keras.KerasTensor, labels: keras.KerasTensor | None
) -> keras.KerasTensor | list[keras.KerasTensor]:
    """Return the inputs of a network: `data`, or `[data, labels]` where it has labels.

    Args:
        data: the input for latents or for data.
        labels: the input for labels, or None.
    """
    return data if labels is None else [data, labels]


def embed_label(
    labels: keras.KerasTensor,
    num_classes: int,
    size: int = LABEL_FEATURES,
    initializer: str | keras.initializers.Initializer = "uniform",
    name: str = "label_embedding",
) -> keras.KerasTensor:
    """Look up a learned vector for each label.

    Args:
        labels: int tensor `(batch,)`.
        num_classes: int, how many vectors there are.
        size: int, the length of a vector.
        initializer: for the vectors, as in `keras.layers.Embedding`.
        name: str, of the layer.

    Returns:
        A tensor `(batch, size)`.
    """
    embedding = layers.Embedding(
        num_classes, size, embeddings_initializer=initializer, name=name
    )
    return embedding(labels)


def concatenate_label(
    vectors: keras.KerasTensor,
    embedding: keras.KerasTensor,
    name: str = "latents_with_label",
) -> keras.KerasTensor:
    """Append an embedded label to vectors: `(batch, features + size)`.

    Args:
        vectors: tensor `(batch, features)`, such as latents.
        embedding: tensor `(batch, size)`, of `embed_label`.
        name: str, of the layer.
    """
    return layers.Concatenate(name=name)([vectors, embedding])


def concatenate_label_planes(
    images: keras.KerasTensor, embedding: keras.KerasTensor
) -> keras.KerasTensor:
    """Append an embedded label to the channels of images, equal at every pixel.

    Args:
        images: tensor `(batch, height, width, channels)`.
        embedding: tensor `(batch, size)`, of `embed_label`.

    Returns:
        A tensor `(batch, height, width, channels + size)`.
    """
    _, image_height, image_width, _ = images.shape
    size = embedding.shape[-1]
    planes = layers.RepeatVector(image_height * image_width, name="label_repeat")(
        embedding
    )
    planes = layers.Reshape((image_height, image_width, size), name="label_planes")(
        planes
    )
    return layers.Concatenate(name="images_with_label")([images, planes])


def constrained(
    spectral_norm: bool, make: Callable[..., keras.layers.Layer], *args, **kwargs
) -> keras.layers.Layer:
    """Make a layer, with spectral normalisation or without, under one name.

    Args:
        spectral_norm: bool. If True, `keras_gan.layers.SpectralNormalization` has the
            name, and the layer in it is called `layer`: the weights are
            `NAME/layer/kernel` and `NAME/u`. If False, they are `NAME/kernel`.
        make: a class of layers, or a function that returns one.
        *args: what `make` is called with.
        **kwargs: likewise; `name` among them.
    """
    if not spectral_norm:
        return make(*args, **kwargs)
    name = kwargs.pop("name")
    return SpectralNormalization(make(*args, **kwargs, name="layer"), name=name)


def logit(
    features: keras.KerasTensor,
    kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
    spectral_norm: bool = False,
) -> keras.KerasTensor:
    """Return one logit for each example, linear in its features, in float32.

    Args:
        features: tensor `(batch, features)`.
        kernel_initializer: as in `keras.layers.Dense`.
        spectral_norm: bool, whether the layer is spectrally normalised.

    Returns:
        A tensor `(batch, 1)`.
    """
    layer = constrained(
        spectral_norm,
        layers.Dense,
        1,
        kernel_initializer=kernel_initializer,
        dtype="float32",
        name="logits",
    )
    return layer(features)


def class_logits(
    features: keras.KerasTensor,
    num_classes: int,
    kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
    spectral_norm: bool = False,
) -> keras.KerasTensor:
    """Return a logit for each class: the auxiliary classifier of an AC-GAN.

    Args:
        features: tensor `(batch, features)`.
        num_classes: int.
        kernel_initializer: as in `keras.layers.Dense`.
        spectral_norm: bool, whether the layer is spectrally normalised.

    Returns:
        A tensor `(batch, num_classes)`.

    Odena et al. 2017, "Conditional Image Synthesis With Auxiliary Classifier GANs",
    arXiv:1610.09585.
    """
    layer = constrained(
        spectral_norm,
        layers.Dense,
        num_classes,
        kernel_initializer=kernel_initializer,
        dtype="float32",
        name="class_logits",
    )
    return layer(features)


def recognized_codes(
    features: keras.KerasTensor,
    code_dim: int,
    units: int = 128,
    batch_norm: bool = True,
) -> keras.KerasTensor:
    """Return what the features say of the codes: the recognition head of an InfoGAN.

    Args:
        features: tensor `(batch, features)`, the last ones of the trunk that the head
            shares with the discriminator.
        code_dim: int, the length of all codes together: logits of categories, and
            means of numbers.
        units: int, of the hidden layer.
        batch_norm: bool, whether the hidden layer is normalised.

    Returns:
        A tensor `(batch, code_dim)`, in float32.

    Chen et al. 2016, arXiv:1606.03657.
    """
    x = layers.Dense(units, use_bias=not batch_norm, name="codes_dense")(features)
    if batch_norm:
        x = BatchNormalization(momentum=0.9, name="codes_norm")(x)
    x = layers.LeakyReLU(0.1, name="codes_leaky_relu")(x)
    return layers.Dense(code_dim, dtype="float32", name="codes")(x)


def project_label(
    features: keras.KerasTensor,
    logits: keras.KerasTensor,
    labels: keras.KerasTensor,
    num_classes: int,
    initializer: str | keras.initializers.Initializer = "glorot_uniform",
    spectral_norm: bool = False,
) -> keras.KerasTensor:
    """Add the match of features and label: `logits + embedding(label) . features`.

    Args:
        features: tensor `(batch, features)`.
        logits: tensor `(batch, 1)`, which knows nothing of the label.
        labels: int tensor `(batch,)`.
        num_classes: int.
        initializer: for the embedding.
        spectral_norm: bool, whether the embedding is spectrally normalised.

    Returns:
        A tensor `(batch, 1)`.

    Miyato and Koyama 2018, "cGANs with Projection Discriminator", arXiv:1802.05637.
    """
    embedding = constrained(
        spectral_norm,
        layers.Embedding,
        num_classes,
        features.shape[-1],
        embeddings_initializer=initializer,
        dtype="float32",
        name="label_projection",
    )
    match = layers.Dot(1, dtype="float32", name="label_match")(
        [features, embedding(labels)]
    )
    return layers.Add(dtype="float32", name="conditional_logits")([logits, match])


def output_range(activation: str, name: str = "output_range") -> keras.layers.Layer:
    """Return the layer that brings a generator's images to [-1, 1].

    Args:
        activation: `"linear"`, for images that are clipped at inference alone; or
            `"tanh"`.
        name: str, of the layer.

    Raises:
        ValueError: if it is neither.
    """
    arguments.one_of("output_activation", activation, ("linear", "tanh"))
    if activation == "linear":
        return ClipAtInference(dtype="float32", name=name)
    return layers.Activation(activation, dtype="float32", name=name)
