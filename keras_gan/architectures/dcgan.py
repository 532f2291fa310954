"""Deep convolutional networks by the rules of Radford et al. 2015."""

import keras
from keras import layers


def dcgan(
    image_shape=(28, 28, 1),
    latent_dim=128,
    num_classes=None,
    width=64,
    kernel_size=5,
    discriminator_batch_norm=True,
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

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((64, 48, 3))
    gan = keras_gan.GAN(generator, discriminator)
    ```

    Radford et al. 2015, "Unsupervised Representation Learning with Deep
    Convolutional Generative Adversarial Networks", arXiv:1511.06434.
    """
    height, breadth, channels = _checked(image_shape)
    num_stages = _num_stages(height, breadth)
    widths = [width * min(2**stage, 8) for stage in range(num_stages)]

    latents = keras.Input((latent_dim,), name="latents")
    x, inputs = latents, latents
    if num_classes is not None:
        labels = keras.Input((), dtype="int32", name="labels")
        x = layers.Concatenate()([latents, _label_embedding(labels, num_classes)])
        inputs = [latents, labels]
    base = (height >> num_stages, breadth >> num_stages, widths[-1])
    x = layers.Dense(base[0] * base[1] * base[2], use_bias=False, **_normal())(x)
    x = layers.Reshape(base)(x)  # (batch, 7, 7, 128) for 28 x 28
    x = layers.ReLU()(_batch_norm()(x))
    for filters in reversed(widths[:-1]):
        x = _upsample(filters, kernel_size, use_bias=False)(x)
        x = layers.ReLU()(_batch_norm()(x))
    images = _upsample(channels, kernel_size, activation="tanh", dtype="float32")(x)
    generator = keras.Model(inputs, images, name="generator")

    images = keras.Input((height, breadth, channels), name="images")
    x, inputs = images, images
    if num_classes is not None:
        labels = keras.Input((), dtype="int32", name="labels")
        plane = layers.RepeatVector(height * breadth)(
            _label_embedding(labels, num_classes)
        )  # the same vector at every pixel
        plane = layers.Reshape((height, breadth, -1))(plane)
        x = layers.Concatenate()([images, plane])
        inputs = [images, labels]
    for stage, filters in enumerate(widths):
        normalized = discriminator_batch_norm and stage > 0
        x = layers.Conv2D(
            filters,
            kernel_size,
            strides=2,
            padding="same",
            use_bias=not normalized,
            **_normal(),
        )(x)
        x = _batch_norm()(x) if normalized else x
        x = layers.LeakyReLU(0.2)(x)
    logits = layers.Dense(1, dtype="float32", **_normal())(layers.Flatten()(x))
    discriminator = keras.Model(inputs, logits, name="discriminator")
    return generator, discriminator


def _checked(image_shape):
    shape = tuple(image_shape)
    if len(shape) != 3 or any(int(size) != size or size < 1 for size in shape):
        raise ValueError(
            "`image_shape` must be (height, width, channels). Received: "
            f"{image_shape!r}"
        )
    height, breadth, channels = shape
    if height % 4 or breadth % 4:
        raise ValueError(
            "Height and width must be divisible by 4, for at least two stages. "
            f"Received: {image_shape!r}. Resize the images, for instance to "
            f"({-(-height // 4) * 4}, {-(-breadth // 4) * 4})."
        )
    if channels > 4:
        raise ValueError(
            f"Images have 1 to 4 channels, and channels come last. Received: "
            f"{image_shape!r}"
        )
    return shape


def _num_stages(height, breadth):
    stages = 2
    height, breadth = height // 4, breadth // 4
    while height % 2 == 0 and breadth % 2 == 0 and min(height, breadth) >= 8:
        height, breadth, stages = height // 2, breadth // 2, stages + 1
    return stages


def _upsample(filters, kernel_size, **kwargs):
    return layers.Conv2DTranspose(
        filters, kernel_size, strides=2, padding="same", **_normal(), **kwargs
    )


def _batch_norm():
    around_one = keras.initializers.RandomNormal(1.0, 0.02)
    return layers.BatchNormalization(momentum=0.9, gamma_initializer=around_one)


def _label_embedding(labels, num_classes):
    return layers.Embedding(num_classes, 16)(labels)  # (batch, 16)


def _normal():
    return {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
