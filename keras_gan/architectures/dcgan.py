"""Deep convolutional networks by the rules of Radford et al. 2015."""

from collections.abc import Callable, Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Packing,
)
from keras_gan.validation import arguments

CONDITIONINGS = ("concatenation", "projection", "auxiliary")


def dcgan(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int = 64,
    kernel_size: int = 5,
    discriminator_batch_norm: bool = True,
    conditioning: str = "concatenation",
    num_packed: int = 1,
    discriminator_width: int | None = None,
    num_extra_convs: int | Sequence[int] = 0,
) -> tuple[keras.Model, keras.Model]:
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
            predicts it, by a second output `(batch, num_classes)`, for
            `keras_gan.models.ACGAN`.
        num_packed: int, how many images the discriminator sees together, for
            one logit; see `keras_gan.layers.Packing`. With a label, only by
            concatenation: else a logit belongs to one label.
        discriminator_width: int, the `width` of the discriminator, where it is to
            differ from the generator's.
        num_extra_convs: int, or ints `(in G, in D)`: further convolutions, 3 x 3
            and of stride 1, where the feature maps are smallest. They cost little
            there, and are worth more than width; the paper has none.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built, the conditioning is unknown
            or does not go with packing, or a number of convolutions is negative.

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
    if discriminator_width is None:
        discriminator_width = width
    else:
        arguments.integer("discriminator_width", discriminator_width)
    return (
        dcgan_generator(
            image_shape,
            latent_dim,
            num_classes,
            width,
            kernel_size,
            conditioning,
            num_extra_convs,
        ),
        dcgan_discriminator(
            image_shape,
            num_classes,
            discriminator_width,
            kernel_size,
            discriminator_batch_norm,
            conditioning,
            num_packed,
            num_extra_convs,
        ),
    )


def dcgan_generator(
    image_shape: Sequence[int] = (28, 28, 1),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int = 64,
    kernel_size: int = 5,
    conditioning: str = "concatenation",
    num_extra_convs: int | Sequence[int] = 0,
) -> keras.Model:
    """The generator of `dcgan`: latents to images in [-1, 1].

    Args:
        image_shape: `(height, width, channels)`, as in `dcgan`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels at full resolution.
        kernel_size: int, the side of every kernel.
        conditioning: `"projection"` for a batch normalisation with a scale and an
            offset for each class; `"concatenation"` or `"auxiliary"` for a label
            embedded beside the latents.
        num_extra_convs: int, convolutions of stride 1 at the smallest size; of two
            ints, as `dcgan` takes them, the one for this network.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if the image shape cannot be built or an argument is unknown.

    Example:

    ```python
    generator = keras_gan.architectures.dcgan_generator((28, 28, 1), latent_dim=64)
    generator(keras.random.normal((4, 64))).shape  # (4, 28, 28, 1)
    ```

    Radford et al. 2015, arXiv:1511.06434.
    """
    image_height, image_width, channels = _checked(image_shape)
    num_stages = _num_stages(image_height, image_width)
    widths = _widths(width, num_stages)
    num_extra_convs = _pair(num_extra_convs)[0]
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    normalize = _batch_norm
    if num_classes is not None and conditioning == "projection":
        normalize = _conditional_batch_norm(num_classes, labels)
    elif num_classes is not None:
        x = heads.concatenate_label(latents, heads.embed_label(labels, num_classes))
    base = (image_height >> num_stages, image_width >> num_stages, widths[-1])
    x = layers.Dense(
        base[0] * base[1] * base[2], use_bias=False, name="base_dense", **_normal()
    )(x)
    x = layers.Reshape(base, name="base_reshape")(x)  # (batch, 7, 7, 128) for 28 x 28
    x = layers.ReLU(name="base_relu")(normalize(x, "base_norm"))
    for i in range(1, num_extra_convs + 1):
        x = _extra_conv(widths[-1], use_bias=False, name=f"extra_{i}_conv")(x)
        x = layers.ReLU(name=f"extra_{i}_relu")(normalize(x, f"extra_{i}_norm"))
    for i, filters in enumerate(reversed(widths[:-1]), start=1):
        x = _upsample(filters, kernel_size, use_bias=False, name=f"block_{i}_conv")(x)
        x = layers.ReLU(name=f"block_{i}_relu")(normalize(x, f"block_{i}_norm"))
    images = _upsample(
        channels, kernel_size, activation="tanh", dtype="float32", name="to_images"
    )(x)
    return keras.Model(heads.inputs(latents, labels), images, name="generator")


def dcgan_discriminator(
    image_shape: Sequence[int] = (28, 28, 1),
    num_classes: int | None = None,
    width: int = 64,
    kernel_size: int = 5,
    batch_norm: bool = True,
    conditioning: str = "concatenation",
    num_packed: int = 1,
    num_extra_convs: int | Sequence[int] = 0,
) -> keras.Model:
    """The discriminator of `dcgan`: images to logits.

    Args:
        image_shape: `(height, width, channels)`, as in `dcgan`.
        num_classes: int, for a network that takes or predicts a class label.
        width: int, the channels at full resolution.
        kernel_size: int, the side of every kernel.
        batch_norm: bool, False for a network without normalisation.
        conditioning: `"concatenation"`, `"projection"` or `"auxiliary"`, as in
            `dcgan`.
        num_packed: int, how many images share one logit.
        num_extra_convs: int, convolutions of stride 1 at the smallest size; of two
            ints, as `dcgan` takes them, the one for this network.

    Returns:
        A `keras.Model` from images, or from `[images, labels]`, to logits
        `(batch / num_packed, 1)`; with `"auxiliary"`, to `[logits, class_logits]`.

    Raises:
        ValueError: if the image shape cannot be built, the conditioning is unknown
            or does not go with packing.

    Example:

    ```python
    discriminator = keras_gan.architectures.dcgan_discriminator((28, 28, 1), width=32)
    discriminator(keras.ops.ones((4, 28, 28, 1))).shape  # (4, 1)
    ```

    Radford et al. 2015, arXiv:1511.06434.
    """
    image_height, image_width, channels = _checked(image_shape)
    widths = _widths(width, _num_stages(image_height, image_width))
    num_extra_convs = _pair(num_extra_convs)[1]
    arguments.one_of("conditioning", conditioning, CONDITIONINGS)
    num_classes = arguments.num_classes(num_classes)
    concatenates = num_classes is not None and conditioning == "concatenation"
    projects = num_classes is not None and conditioning == "projection"
    classifies = num_classes is not None and conditioning == "auxiliary"
    if (projects or classifies) and num_packed != 1:
        raise ValueError(
            f"num_packed={num_packed} makes one logit for several images, and "
            f'{conditioning} one for every label. Use conditioning="concatenation".'
        )

    x = images = keras.Input((image_height, image_width, channels), name="images")
    labels = heads.label_input() if concatenates or projects else None
    if concatenates:
        embedding = heads.embed_label(labels, num_classes)
        x = heads.concatenate_label_planes(images, embedding)
    x = Packing(num_packed, name="packing")(x) if num_packed != 1 else x
    for i, filters in enumerate(widths, start=1):
        normalized = batch_norm and i > 1
        x = Conv2D(
            filters,
            kernel_size,
            strides=2,
            padding="same",
            use_bias=not normalized,
            name=f"block_{i}_conv",
            **_normal(),
        )(x)
        x = _batch_norm(x, f"block_{i}_norm") if normalized else x
        x = layers.LeakyReLU(0.2, name=f"block_{i}_leaky_relu")(x)
    for i in range(1, num_extra_convs + 1):
        x = _extra_conv(x.shape[-1], use_bias=not batch_norm, name=f"extra_{i}_conv")(x)
        x = _batch_norm(x, f"extra_{i}_norm") if batch_norm else x
        x = layers.LeakyReLU(0.2, name=f"extra_{i}_leaky_relu")(x)
    features = layers.Flatten(data_format="channels_last", name="features")(x)
    outputs = heads.logit(features, **_normal())
    if projects:
        normal = keras.initializers.RandomNormal(0.0, 0.02)
        outputs = heads.project_label(features, outputs, labels, num_classes, normal)
    if classifies:
        outputs = [outputs, heads.class_logits(features, num_classes, **_normal())]
    return keras.Model(heads.inputs(images, labels), outputs, name="discriminator")


def _checked(image_shape: Sequence[int]) -> tuple[int, int, int]:
    image_height, image_width, channels = arguments.image_shape(image_shape)
    if image_height % 4 or image_width % 4:
        raise ValueError(
            "Height and width must be divisible by 4, for at least two stages. "
            f"Received: {image_shape!r}. Resize the images, for instance to "
            f"({-(-image_height // 4) * 4}, {-(-image_width // 4) * 4})."
        )
    return image_height, image_width, channels


def _num_stages(height: int, width: int) -> int:
    stages = 2
    height, width = height // 4, width // 4
    while height % 2 == 0 and width % 2 == 0 and min(height, width) >= 8:
        height, width, stages = height // 2, width // 2, stages + 1
    return stages


def _widths(width: int, num_stages: int) -> list[int]:
    width = arguments.integer("width", width)
    return [width * min(2**stage, 8) for stage in range(num_stages)]


def _pair(num_extra_convs: int | Sequence[int]) -> tuple[int, int]:
    pair = num_extra_convs
    if not isinstance(pair, (tuple, list)):
        pair = (pair, pair)
    try:
        in_generator, in_discriminator = (
            arguments.integer("num_extra_convs", number, at_least=0) for number in pair
        )
    except ValueError:
        raise ValueError(
            "`num_extra_convs` must be an integer of at least 0, or two, for the "
            f"generator and the discriminator. Received: {num_extra_convs!r}"
        ) from None
    return in_generator, in_discriminator


def _extra_conv(filters: int, **kwargs) -> keras.layers.Layer:
    return layers.Conv2D(
        filters, 3, padding="same", data_format="channels_last", **_normal(), **kwargs
    )


def _upsample(filters: int, kernel_size: int, **kwargs) -> keras.layers.Layer:
    return Conv2DTranspose(
        filters, kernel_size, strides=2, padding="same", **_normal(), **kwargs
    )


def _batch_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return BatchNormalization(momentum=0.9, gamma_initializer=_around_one(), name=name)(
        x
    )


def _conditional_batch_norm(num_classes: int, labels: keras.KerasTensor) -> Callable:
    def normalize(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
        return ConditionalBatchNormalization(
            num_classes, momentum=0.9, gamma_initializer=_around_one(), name=name
        )([x, labels])

    return normalize


def _around_one() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(1.0, 0.02)


def _normal() -> dict[str, keras.initializers.Initializer]:
    return {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
