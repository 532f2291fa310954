"""Residual networks, as WGAN-GP and SNGAN play them."""

import keras
from keras import layers

from keras_gan.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
    SpectralNormalization,
)
from keras_gan.validation import arguments


def resnet(
    image_shape=(28, 28, 1),
    latent_dim=128,
    num_classes=None,
    width=64,
    conditioning="projection",
    spectral_norm=True,
    attention_at=None,
):
    """Two networks of residual blocks, the workhorse between DCGAN and StyleGAN.

    The generator doubles height and width in every block, from the smallest size
    that halving the image's leads to: 7 x 7 for 28 x 28, 4 x 4 for 32 x 32 and
    64 x 64, 6 x 6 for 48 x 48. Its blocks are batch normalisation, ReLU, nearest
    upsampling and 3 x 3 convolutions, with a 1 x 1 convolution around them. The
    discriminator's are ReLU, 3 x 3 convolutions and average pooling; the features
    that are left are summed over all places, and a dense layer gives the logit.

    Up to 32 pixels every block has `width` channels, and D is that of both
    papers' CIFAR-10 networks: two blocks that halve, two that do not. For larger
    images the channels double with every halving, from `width` up to 8 * width,
    and D halves as often as G doubles, with one block more at the end. The papers
    take a width of 128 for CIFAR-10 (SNGAN's generator 256) and 64 for larger
    images. For players of unequal width, take each from a call of its own.

    With `spectral_norm=False` this is WGAN-GP's pair: a critic without any
    normalisation, and the mean of its features in place of their sum.

    Args:
        image_shape: `(height, width, channels)`; height and width a small number
            times the same power of two, 4 or more, and at least 16.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        width: int, the channels at full resolution.
        conditioning: what the label does, where there is one.
            `"projection"`: in G, every batch normalisation has a scale and an
            offset for each class; D adds embedding(label) . features to its
            logit. `"concatenation"`: an embedding of the label is appended to the
            latents in G, and in D to the channels at every pixel.
            `"auxiliary"`: G as with projection; D takes no label but tells it, by
            a second output `(batch, num_classes)`, for `keras_gan.models.ACGAN`.
        spectral_norm: bool, whether D is spectrally normalised.
        attention_at: int, the height of the feature maps, in both networks, that
            get a layer of self-attention, such as 14 for 28 x 28; None for none.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built, no feature map has the
            height `attention_at`, or the conditioning is unknown.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.resnet((32, 32, 3), width=128)
    gan = keras_gan.GAN(generator, discriminator)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.9),
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.9),
        loss="hinge",
        discriminator_steps=5,
    )
    ```

    Gulrajani et al. 2017, "Improved Training of Wasserstein GANs",
    arXiv:1704.00028; Miyato et al. 2018, "Spectral Normalization for Generative
    Adversarial Networks", arXiv:1802.05957; Miyato and Koyama 2018, "cGANs with
    Projection Discriminator", arXiv:1802.05637; self-attention from Zhang et al.
    2019, arXiv:1805.08318; the auxiliary classifier from Odena et al. 2017,
    arXiv:1610.09585.
    """
    image_shape = arguments.image_shape(image_shape)
    num_stages = _num_stages(image_shape)
    is_small = max(image_shape[:2]) <= 32
    num_halvings = 2 if is_small else num_stages
    _check_attention(attention_at, image_shape[0], num_halvings)
    arguments.one_of(
        "conditioning", conditioning, ("projection", "concatenation", "auxiliary")
    )
    num_classes = arguments.num_classes(num_classes)
    projects = num_classes is not None and conditioning == "projection"
    concatenates = num_classes is not None and conditioning == "concatenation"
    classifies = num_classes is not None and conditioning == "auxiliary"
    widths = [
        width if is_small else width * min(2**i, 8) for i in range(num_stages + 1)
    ]

    def attend(x, **kwargs):
        return SelfAttention(**kwargs)(x) if x.shape[1] == attention_at else x

    latent_dim = arguments.integer("latent_dim", latent_dim)
    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else _labels()
    if concatenates:
        x = layers.Concatenate()([latents, layers.Embedding(num_classes, 16)(labels)])
    base = [size >> num_stages for size in image_shape[:2]]
    x = layers.Dense(base[0] * base[1] * widths[-1])(x)
    x = attend(layers.Reshape((*base, widths[-1]))(x))
    by_class = projects or classifies
    normalize = _conditional_norm(num_classes, labels) if by_class else _batch_norm
    for filters in reversed(widths[:-1]):
        x = attend(_generator_block(x, filters, normalize))
    x = layers.ReLU()(normalize(x))
    images = _conv(image_shape[2], 3, gain=1, activation="tanh", dtype="float32")(x)
    generator = keras.Model(_inputs(latents, labels), images, name="generator")

    constrain = SpectralNormalization if spectral_norm else lambda layer: layer
    x = images = keras.Input(image_shape, name="images")
    labels = _labels() if concatenates or projects else None
    if concatenates:
        x = layers.Concatenate()([images, _label_planes(labels, num_classes, images)])
    num_blocks = 4 if is_small else num_stages + 1
    for i in range(num_blocks):
        filters = widths[min(i, num_stages)]
        x = _discriminator_block(x, filters, constrain, i == 0, i < num_halvings)
        x = attend(x, spectral_norm=spectral_norm) if i < num_halvings else x
    num_places = x.shape[1] * x.shape[2]
    x = layers.GlobalAveragePooling2D(dtype="float32")(layers.ReLU()(x))
    if spectral_norm:
        x = layers.Rescaling(num_places, dtype="float32")(x)  # the sum
    logits = constrain(layers.Dense(1, dtype="float32"))(x)
    if projects:
        logits = _projection(x, logits, labels, num_classes, constrain)
    if classifies:
        logits = [logits, constrain(layers.Dense(num_classes, dtype="float32"))(x)]
    discriminator = keras.Model(_inputs(images, labels), logits, name="discriminator")
    return generator, discriminator


def _generator_block(x, filters, normalize):
    # No biases: the batch normalisations to come take every constant out again.
    shortcut = _conv(filters, 1, gain=1, use_bias=False)(x)
    shortcut = layers.UpSampling2D()(shortcut)
    x = layers.UpSampling2D()(layers.ReLU()(normalize(x)))
    x = _conv(filters, 3, use_bias=False)(x)
    x = layers.ReLU()(normalize(x))
    x = _conv(filters, 3, use_bias=False)(x)
    return layers.Add()([x, shortcut])


def _discriminator_block(x, filters, constrain, is_first, halves):
    shortcut = x
    if not is_first:  # a ReLU would throw away half of the image
        x = layers.ReLU()(x)
    x = layers.ReLU()(constrain(_conv(filters, 3))(x))
    x = constrain(_conv(filters, 3))(x)
    if halves:
        x = layers.AveragePooling2D(2)(x)
        shortcut = layers.AveragePooling2D(2)(shortcut)
    if halves or shortcut.shape[-1] != filters:
        shortcut = constrain(_conv(filters, 1, gain=1, use_bias=False))(shortcut)
    return layers.Add()([x, shortcut])


def _projection(features, logits, labels, num_classes, constrain):
    """logit = linear(features) + embedding(label) . features"""
    embedding = layers.Embedding(
        num_classes,
        features.shape[-1],
        embeddings_initializer="glorot_uniform",
        dtype="float32",
    )
    match = layers.Dot(1, dtype="float32")([features, constrain(embedding)(labels)])
    return layers.Add(dtype="float32")([logits, match])


def _conv(filters, kernel_size, gain=2, **kwargs):
    initializer = keras.initializers.VarianceScaling(gain, "fan_avg", "uniform")
    return layers.Conv2D(
        filters, kernel_size, padding="same", kernel_initializer=initializer, **kwargs
    )


def _batch_norm(x):
    return BatchNormalization(momentum=0.9)(x)


def _conditional_norm(num_classes, labels):
    def normalize(x):
        return ConditionalBatchNormalization(num_classes, momentum=0.9)([x, labels])

    return normalize


def _labels():
    return keras.Input((), dtype="int32", name="labels")


def _label_planes(labels, num_classes, images):
    _, height, breadth, _ = images.shape
    embedding = layers.Embedding(num_classes, 16)(labels)
    planes = layers.RepeatVector(height * breadth)(embedding)  # equal at every pixel
    return layers.Reshape((height, breadth, 16))(planes)


def _inputs(data, labels):
    return data if labels is None else [data, labels]


def _num_stages(image_shape):
    """How often height and width halve before one is odd or smaller than 8."""
    height, breadth, _ = image_shape
    stages = 0
    while height % 2 == breadth % 2 == 0 and min(height, breadth) >= 8:
        height, breadth, stages = height // 2, breadth // 2, stages + 1
    if stages < 2:
        raise ValueError(
            "Height and width must halve at least twice and stay at 4 or more, as "
            "16 = 4 * 4, 28 = 7 * 4, 32 = 4 * 8, 48 = 6 * 8 and 64 = 4 * 16 do. "
            f"Received: {image_shape!r}. Resize the images."
        )
    return stages


def _check_attention(attention_at, height, num_halvings):
    offered = [height >> i for i in range(1, num_halvings + 1)]
    if attention_at is not None and attention_at not in offered:
        raise ValueError(
            f"Images of height {height} have feature maps of the heights {offered}. "
            f"`attention_at` must be one of them. Received: {attention_at!r}"
        )
