"""Deep convolutional networks by the rules of Radford et al. 2015."""

import keras
from keras import layers

from keras_gan.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Packing,
)
from keras_gan.validation import arguments


def dcgan(
    image_shape=(28, 28, 1),
    latent_dim=128,
    num_classes=None,
    width=64,
    kernel_size=5,
    discriminator_batch_norm=True,
    conditioning="concatenation",
    num_packed=1,
    discriminator_width=None,
    num_refinements=0,
):
    """The first convolutional pair that trained reliably, still the place to start.

    The rules: strides in place of pooling, no hidden dense layers, batch
    normalisation everywhere but on the generator's output and the discriminator's
    input, ReLU in the generator, LeakyReLU in the discriminator, weights from
    N(0, 0.02). The number of stages follows from the image's size: each doubles
    (in D, halves) height and width, down to about 4 x 4.

    Args:
        image_shape: `(height, width, channels)`; height and width divisible by
            4, not necessarily equal; 1 to 4 channels.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        width: int, the channels at full resolution; they double at every stage
            towards the middle, up to 8 * width.
        kernel_size: int, the side of every kernel.
        discriminator_batch_norm: False leaves D without normalisation, as
            penalties on its gradient want it.
        conditioning: what the label does, where there is one.
            `"concatenation"`: an embedding of the label is appended to the
            latents in G, and in D to the channels at every pixel.
            `"projection"`: in G, every batch normalisation has a scale and an
            offset for each class; D adds embedding(label) . features to its
            logit. `"auxiliary"`: G as with concatenation; D takes no label but
            tells it, by a second output `(batch, num_classes)`, for
            `keras_gan.models.ACGAN`.
        num_packed: int, how many images the discriminator judges together, for
            one logit; see `keras_gan.layers.Packing`. With a label, only by
            concatenation: else a logit belongs to one label.
        discriminator_width: int, the `width` of the discriminator, where it is to
            differ from the generator's.
        num_refinements: int, or ints `(in G, in D)`: further convolutions, 3 x 3
            and of stride 1, where the pictures are smallest. They cost little
            there, and are worth more than width; the paper has none.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built, the conditioning is unknown
            or does not go with packing, or a number of refinements is negative.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((64, 48, 3))
    gan = keras_gan.GAN(generator, discriminator)
    ```

    Radford et al. 2015, "Unsupervised Representation Learning with Deep
    Convolutional Generative Adversarial Networks", arXiv:1511.06434; projection
    from Miyato and Koyama 2018, "cGANs with Projection Discriminator",
    arXiv:1802.05637; the auxiliary classifier from Odena et al. 2017,
    arXiv:1610.09585.
    """
    height, breadth, channels = _checked(image_shape)
    num_stages = _num_stages(height, breadth)
    if discriminator_width is None:
        discriminator_width = width
    widths = _widths("width", width, num_stages)
    discriminator_widths = _widths(
        "discriminator_width", discriminator_width, num_stages
    )
    refinements = _pair(num_refinements)
    arguments.one_of(
        "conditioning", conditioning, ("concatenation", "projection", "auxiliary")
    )
    num_classes = arguments.num_classes(num_classes)
    concatenates = num_classes is not None and conditioning == "concatenation"
    projects = num_classes is not None and conditioning == "projection"
    classifies = num_classes is not None and conditioning == "auxiliary"
    if (projects or classifies) and num_packed != 1:
        raise ValueError(
            f"num_packed={num_packed} makes one logit for several images, and "
            f'{conditioning} one for every label. Use conditioning="concatenation".'
        )

    latent_dim = arguments.integer("latent_dim", latent_dim)
    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else _labels()
    if concatenates or classifies:
        x = layers.Concatenate()([latents, _label_embedding(labels, num_classes)])
    normalize = _conditional_norm(num_classes, labels) if projects else _batch_norm
    base = (height >> num_stages, breadth >> num_stages, widths[-1])
    x = layers.Dense(base[0] * base[1] * base[2], use_bias=False, **_normal())(x)
    x = layers.Reshape(base)(x)  # (batch, 7, 7, 128) for 28 x 28
    x = layers.ReLU()(normalize(x))
    for _ in range(refinements[0]):
        x = _refine(widths[-1], use_bias=False)(x)
        x = layers.ReLU()(normalize(x))
    for filters in reversed(widths[:-1]):
        x = _upsample(filters, kernel_size, use_bias=False)(x)
        x = layers.ReLU()(normalize(x))
    images = _upsample(channels, kernel_size, activation="tanh", dtype="float32")(x)
    generator = keras.Model(_inputs(latents, labels), images, name="generator")

    x = images = keras.Input((height, breadth, channels), name="images")
    labels = _labels() if concatenates or projects else None
    if concatenates:
        plane = layers.RepeatVector(height * breadth)(
            _label_embedding(labels, num_classes)
        )  # the same vector at every pixel
        plane = layers.Reshape((height, breadth, -1))(plane)
        x = layers.Concatenate()([images, plane])
    x = Packing(num_packed)(x) if num_packed != 1 else x
    for stage, filters in enumerate(discriminator_widths):
        normalized = discriminator_batch_norm and stage > 0
        x = Conv2D(
            filters,
            kernel_size,
            strides=2,
            padding="same",
            use_bias=not normalized,
            **_normal(),
        )(x)
        x = _batch_norm(x) if normalized else x
        x = layers.LeakyReLU(0.2)(x)
    for _ in range(refinements[1]):
        x = _refine(x.shape[-1], use_bias=not discriminator_batch_norm)(x)
        x = _batch_norm(x) if discriminator_batch_norm else x
        x = layers.LeakyReLU(0.2)(x)
    features = layers.Flatten()(x)
    logits = layers.Dense(1, dtype="float32", **_normal())(features)
    if projects:
        logits = _projection(features, logits, labels, num_classes)
    if classifies:
        classes = layers.Dense(num_classes, dtype="float32", **_normal())(features)
        logits = [logits, classes]
    discriminator = keras.Model(_inputs(images, labels), logits, name="discriminator")
    return generator, discriminator


def _checked(image_shape):
    height, breadth, channels = arguments.image_shape(image_shape)
    if height % 4 or breadth % 4:
        raise ValueError(
            "Height and width must be divisible by 4, for at least two stages. "
            f"Received: {image_shape!r}. Resize the images, for instance to "
            f"({-(-height // 4) * 4}, {-(-breadth // 4) * 4})."
        )
    return height, breadth, channels


def _num_stages(height, breadth):
    stages = 2
    height, breadth = height // 4, breadth // 4
    while height % 2 == 0 and breadth % 2 == 0 and min(height, breadth) >= 8:
        height, breadth, stages = height // 2, breadth // 2, stages + 1
    return stages


def _widths(name, width, num_stages):
    width = arguments.integer(name, width)
    return [width * min(2**stage, 8) for stage in range(num_stages)]


def _pair(num_refinements):
    pair = num_refinements
    if not isinstance(pair, (tuple, list)):
        pair = (pair, pair)
    try:
        in_generator, in_discriminator = (
            arguments.integer("num_refinements", number, at_least=0) for number in pair
        )
    except ValueError:
        raise ValueError(
            "`num_refinements` must be an integer of at least 0, or two, for the "
            f"generator and the discriminator. Received: {num_refinements!r}"
        ) from None
    return in_generator, in_discriminator


def _refine(filters, **kwargs):
    return layers.Conv2D(filters, 3, padding="same", **_normal(), **kwargs)


def _upsample(filters, kernel_size, **kwargs):
    return Conv2DTranspose(
        filters, kernel_size, strides=2, padding="same", **_normal(), **kwargs
    )


def _batch_norm(x):
    return BatchNormalization(momentum=0.9, gamma_initializer=_around_one())(x)


def _conditional_norm(num_classes, labels):
    def normalize(x):
        return ConditionalBatchNormalization(
            num_classes, momentum=0.9, gamma_initializer=_around_one()
        )([x, labels])

    return normalize


def _projection(features, logits, labels, num_classes):
    """logit = linear(features) + embedding(label) . features"""
    embedding = layers.Embedding(
        num_classes,
        features.shape[-1],
        embeddings_initializer=keras.initializers.RandomNormal(0.0, 0.02),
        dtype="float32",
    )
    match = layers.Dot(1, dtype="float32")([features, embedding(labels)])
    return layers.Add(dtype="float32")([logits, match])


def _inputs(data, labels):
    return data if labels is None else [data, labels]


def _labels():
    return keras.Input((), dtype="int32", name="labels")


def _label_embedding(labels, num_classes):
    return layers.Embedding(num_classes, 16)(labels)  # (batch, 16)


def _around_one():
    return keras.initializers.RandomNormal(1.0, 0.02)


def _normal():
    return {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
