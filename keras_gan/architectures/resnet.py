"""Residual networks, as WGAN-GP and SNGAN use them."""

from collections.abc import Callable, Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
)
from keras_gan.validation import arguments

CONDITIONINGS = ("projection", "concatenation", "auxiliary")


def resnet(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int = 64,
    conditioning: str = "projection",
    spectral_norm: bool = True,
    attention_at: int | None = None,
) -> tuple[keras.Model, keras.Model]:
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
    images. For players of unequal width, use `resnet_generator` and
    `resnet_discriminator`.

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
            `"auxiliary"`: G as with projection; D takes no label but predicts it, by
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
    return (
        resnet_generator(
            image_shape, latent_dim, num_classes, width, conditioning, attention_at
        ),
        resnet_discriminator(
            image_shape, num_classes, width, conditioning, spectral_norm, attention_at
        ),
    )


def resnet_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int = 64,
    conditioning: str = "projection",
    attention_at: int | None = None,
) -> keras.Model:
    """The generator of `resnet`: latents to images in [-1, 1].

    Args:
        image_shape: `(height, width, channels)`, as in `resnet`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels at full resolution.
        conditioning: `"projection"` or `"auxiliary"` for a batch normalisation with
            a scale and an offset for each class; `"concatenation"` for a label
            embedded beside the latents.
        attention_at: int, the height of the feature maps that get a layer of
            self-attention; None for none.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if the image shape cannot be built, no feature map has the
            height `attention_at`, or the conditioning is unknown.

    Example:

    ```python
    generator = keras_gan.architectures.resnet_generator((32, 32, 3), width=16)
    generator(keras.random.normal((4, 128))).shape  # (4, 32, 32, 3)
    ```

    Gulrajani et al. 2017, arXiv:1704.00028; Miyato et al. 2018, arXiv:1802.05957.
    """
    image_shape, widths, num_halvings = _plan(image_shape, width)
    _check_attention(attention_at, image_shape[0], num_halvings)
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    def attend(x: keras.KerasTensor) -> keras.KerasTensor:
        return SelfAttention(name="attention")(x) if x.shape[1] == attention_at else x

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    normalize = _batch_norm
    if num_classes is not None and conditioning == "concatenation":
        x = heads.concatenate_label(latents, heads.embed_label(labels, num_classes))
    elif num_classes is not None:
        normalize = _conditional_batch_norm(num_classes, labels)
    base = [size >> (len(widths) - 1) for size in image_shape[:2]]
    x = layers.Dense(base[0] * base[1] * widths[-1], name="base_dense")(x)
    x = attend(layers.Reshape((*base, widths[-1]), name="base_reshape")(x))
    for i, filters in enumerate(reversed(widths[:-1]), start=1):
        x = attend(_generator_block(x, filters, normalize, f"block_{i}"))
    x = layers.ReLU(name="last_relu")(normalize(x, "last_norm"))
    images = _conv(
        image_shape[2], 3, gain=1, activation="tanh", dtype="float32", name="to_images"
    )(x)
    return keras.Model(heads.inputs(latents, labels), images, name="generator")


def resnet_discriminator(
    image_shape: Sequence[int] = (28, 28, 1),
    num_classes: int | None = None,
    width: int = 64,
    conditioning: str = "projection",
    spectral_norm: bool = True,
    attention_at: int | None = None,
) -> keras.Model:
    """The discriminator of `resnet`: images to logits.

    Args:
        image_shape: `(height, width, channels)`, as in `resnet`.
        num_classes: int, for a network that takes or predicts a class label.
        width: int, the channels at full resolution.
        conditioning: `"projection"`, `"concatenation"` or `"auxiliary"`, as in
            `resnet`.
        spectral_norm: bool, whether every kernel is spectrally normalised. If False,
            features are averaged over all places, else summed.
        attention_at: int, the height of the feature maps that get a layer of
            self-attention; None for none.

    Returns:
        A `keras.Model` from images, or from `[images, labels]`, to logits
        `(batch, 1)`; with `"auxiliary"`, to `[logits, class_logits]`.

    Raises:
        ValueError: if the image shape cannot be built, no feature map has the
            height `attention_at`, or the conditioning is unknown.

    Example:

    ```python
    critic = keras_gan.architectures.resnet_discriminator(
        (32, 32, 3), width=16, spectral_norm=False
    )
    critic(keras.ops.ones((4, 32, 32, 3))).shape  # (4, 1)
    ```

    Gulrajani et al. 2017, arXiv:1704.00028; Miyato et al. 2018, arXiv:1802.05957.
    """
    image_shape, widths, num_halvings = _plan(image_shape, width)
    _check_attention(attention_at, image_shape[0], num_halvings)
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    num_classes = arguments.num_classes(num_classes)
    projects = num_classes is not None and conditioning == "projection"
    concatenates = num_classes is not None and conditioning == "concatenation"
    classifies = num_classes is not None and conditioning == "auxiliary"

    x = images = keras.Input(image_shape, name="images")
    labels = heads.label_input() if concatenates or projects else None
    if concatenates:
        embedding = heads.embed_label(labels, num_classes)
        x = heads.concatenate_label_planes(images, embedding)
    num_blocks = 4 if _is_small(image_shape) else len(widths)
    for i in range(num_blocks):
        filters = widths[min(i, len(widths) - 1)]
        halves = i < num_halvings
        x = _discriminator_block(
            x, filters, spectral_norm, i == 0, halves, f"block_{i + 1}"
        )
        if halves and x.shape[1] == attention_at:
            x = SelfAttention(spectral_norm=spectral_norm, name="attention")(x)
    num_places = x.shape[1] * x.shape[2]
    x = layers.ReLU(name="last_relu")(x)
    x = layers.GlobalAveragePooling2D(
        data_format="channels_last", dtype="float32", name="mean_features"
    )(x)
    if spectral_norm:
        x = layers.Rescaling(num_places, dtype="float32", name="sum_features")(x)
    outputs = heads.logit(x, spectral_norm=spectral_norm)
    if projects:
        outputs = heads.project_label(
            x, outputs, labels, num_classes, spectral_norm=spectral_norm
        )
    if classifies:
        classes = heads.class_logits(x, num_classes, spectral_norm=spectral_norm)
        outputs = [outputs, classes]
    return keras.Model(heads.inputs(images, labels), outputs, name="discriminator")


def _generator_block(
    x: keras.KerasTensor, filters: int, normalize: Callable, name: str
) -> keras.KerasTensor:
    # No biases: the batch normalisations to come take every constant out again.
    shortcut = _conv(filters, 1, gain=1, use_bias=False, name=f"{name}_shortcut_conv")(
        x
    )
    shortcut = layers.UpSampling2D(
        data_format="channels_last", name=f"{name}_shortcut_upsample"
    )(shortcut)
    x = layers.ReLU(name=f"{name}_relu_1")(normalize(x, f"{name}_norm_1"))
    x = layers.UpSampling2D(data_format="channels_last", name=f"{name}_upsample")(x)
    x = _conv(filters, 3, use_bias=False, name=f"{name}_conv_1")(x)
    x = layers.ReLU(name=f"{name}_relu_2")(normalize(x, f"{name}_norm_2"))
    x = _conv(filters, 3, use_bias=False, name=f"{name}_conv_2")(x)
    return layers.Add(name=f"{name}_add")([x, shortcut])


def _discriminator_block(
    x: keras.KerasTensor,
    filters: int,
    spectral_norm: bool,
    is_first: bool,
    halves: bool,
    name: str,
) -> keras.KerasTensor:
    def conv(part: str, kernel_size: int, **kwargs) -> keras.layers.Layer:
        kwargs["name"] = f"{name}_{part}"
        return heads.constrained(spectral_norm, _conv, filters, kernel_size, **kwargs)

    shortcut = x
    if not is_first:  # a ReLU would throw away half of the image
        x = layers.ReLU(name=f"{name}_relu_1")(x)
    x = layers.ReLU(name=f"{name}_relu_2")(conv("conv_1", 3)(x))
    x = conv("conv_2", 3)(x)
    if halves:
        x = layers.AveragePooling2D(
            2, data_format="channels_last", name=f"{name}_pool"
        )(x)
        shortcut = layers.AveragePooling2D(
            2, data_format="channels_last", name=f"{name}_shortcut_pool"
        )(shortcut)
    if halves or shortcut.shape[-1] != filters:
        shortcut = conv("shortcut_conv", 1, gain=1, use_bias=False)(shortcut)
    return layers.Add(name=f"{name}_add")([x, shortcut])


def _conv(
    filters: int, kernel_size: int, gain: float = 2, **kwargs
) -> keras.layers.Layer:
    initializer = keras.initializers.VarianceScaling(gain, "fan_avg", "uniform")
    return layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        data_format="channels_last",
        kernel_initializer=initializer,
        **kwargs,
    )


def _batch_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return BatchNormalization(momentum=0.9, name=name)(x)


def _conditional_batch_norm(num_classes: int, labels: keras.KerasTensor) -> Callable:
    def normalize(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
        return ConditionalBatchNormalization(num_classes, momentum=0.9, name=name)(
            [x, labels]
        )

    return normalize


def _plan(
    image_shape: Sequence[int], width: int
) -> tuple[tuple[int, int, int], list[int], int]:
    """Return the checked shape, the widths from the image inwards, and D's halvings."""
    image_shape = arguments.image_shape(image_shape)
    width = arguments.integer("width", width)
    num_stages = _num_stages(image_shape)
    if _is_small(image_shape):
        return image_shape, [width] * (num_stages + 1), 2
    widths = [width * min(2**stage, 8) for stage in range(num_stages + 1)]
    return image_shape, widths, num_stages


def _is_small(image_shape: tuple[int, int, int]) -> bool:
    return max(image_shape[:2]) <= 32


def _num_stages(image_shape: tuple[int, int, int]) -> int:
    """How often height and width halve before one is odd or smaller than 8."""
    height, width, _ = image_shape
    stages = 0
    while height % 2 == width % 2 == 0 and min(height, width) >= 8:
        height, width, stages = height // 2, width // 2, stages + 1
    if stages < 2:
        raise ValueError(
            "Height and width must halve at least twice and stay at 4 or more, as "
            "16 = 4 * 4, 28 = 7 * 4, 32 = 4 * 8, 48 = 6 * 8 and 64 = 4 * 16 do. "
            f"Received: {image_shape!r}. Resize the images."
        )
    return stages


def _check_attention(attention_at: int | None, height: int, num_halvings: int) -> None:
    offered = [height >> i for i in range(1, num_halvings + 1)]
    if attention_at is not None and attention_at not in offered:
        raise ValueError(
            f"Images of height {height} have feature maps of the heights {offered}. "
            f"`attention_at` must be one of them. Received: {attention_at!r}"
        )
