"""Progressive GAN: plain stages of convolutions, to be grown one after the other."""

import math
from collections.abc import Callable, Sequence

import keras
from keras import layers

from keras_gan.architectures import heads
from keras_gan.architectures.stylegan2_stages import plan
from keras_gan.layers import (
    EqualizedConv2D,
    EqualizedDense,
    Fade,
    MinibatchStdDev,
    PixelNormalization,
)
from keras_gan.validation import arguments

ROOT_2 = math.sqrt(2)
LEAK = 0.2


def progressive(
    image_shape: Sequence[int] = (32, 32, 3),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    max_width: int = 128,
    group_size: int = 4,
    growing: bool = False,
    output_activation: str = "linear",
) -> tuple[keras.Model, keras.Model]:
    """The networks of Progressive GAN.

    The generator normalises the latents to one length, and a dense layer makes the
    smallest stage of them. Each stage has two 3x3 convolutions with LeakyReLU(0.2),
    each followed by a `PixelNormalization`, and is twice as large as the one before,
    by repeated pixels. A 1x1 convolution makes the image, which is clipped to
    [-1, 1] at inference, or goes through a tanh. The discriminator is its mirror
    image, with means of 2 x 2 pixels, no normalisation, and the standard deviation
    over groups of the batch. All weights have an equalised learning rate.

    A level is a size of images, from that of the smallest stage to the whole. Networks
    that grow have an output for every level; `keras_gan.models.ProgressiveGAN` trains
    them one after the other. Without growing they are a plain pair for any GAN.

    The published networks have `latent_dim=512` and `max_width=512`, with `width=16`
    for images of 1024 pixels.

    Args:
        image_shape: `(height, width, channels)`. Both sides are halved while they are
            even and at least 8, and the smallest level has what is left: 4 x 4 for
            32 x 32, 7 x 7 for 28 x 28, 8 x 6 for 64 x 48.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too: beside the latents
            in G, and projected in D.
        width: int, the channels of the largest stage; they double at every smaller
            stage, up to `max_width`. Or ints, the channels of every stage from the
            smallest to the largest; then there are as many levels.
        max_width: int, the most channels of a stage.
        group_size: int, of the standard deviation over the batch.
        growing: bool, whether the networks have an output for every level.
        output_activation: `"linear"`, as published, clipped to [-1, 1] at inference; or
            `"tanh"`, for images whose background is exactly black or white.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if these do not go together, or there is nothing to grow.

    Example:

    ```python
    networks = keras_gan.architectures.progressive(
        (16, 16, 1), latent_dim=16, width=8, max_width=16, growing=True
    )
    gan = keras_gan.models.ProgressiveGAN(*networks)
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196; projection from Miyato and Koyama 2018,
    arXiv:1802.05637.
    """
    build_generator = _levels_of_generator if growing else progressive_generator
    generator = build_generator(
        image_shape, latent_dim, num_classes, width, max_width, output_activation
    )
    build_discriminator = (
        _levels_of_discriminator if growing else progressive_discriminator
    )
    discriminator = build_discriminator(
        image_shape, num_classes, width, max_width, group_size
    )
    if growing and len(discriminator.outputs) == 1:
        raise ValueError(
            f"Images of shape {tuple(image_shape)} have one stage with width={width!r}"
            ", and nothing grows. Pass an image whose sides can be halved, or the "
            "widths of several stages."
        )
    return generator, discriminator


def progressive_generator(
    image_shape: Sequence[int] = (32, 32, 3),
    latent_dim: int = 128,
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    max_width: int = 128,
    output_activation: str = "linear",
) -> keras.Model:
    """The generator of `progressive`: latents to images of the whole size.

    Args:
        image_shape: `(height, width, channels)`, as in `progressive`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels of the largest stage; or ints, those of every stage
            from the smallest to the largest.
        max_width: int, the most channels of a stage.
        output_activation: `"linear"`, clipped to [-1, 1] at inference, or `"tanh"`.

    Returns:
        A `keras.Model` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    generator = keras_gan.architectures.progressive_generator((16, 24, 3), width=8)
    generator(keras.random.normal((4, 128))).shape  # (4, 16, 24, 3)
    ```

    Karras et al. 2017, arXiv:1710.10196.
    """
    levels = _levels_of_generator(
        image_shape, latent_dim, num_classes, width, max_width, output_activation
    )
    num_levels = (len(levels.outputs) + 1) // 2
    images = levels.outputs[num_levels - 1]
    return keras.Model(levels.input, images, name="generator")


def progressive_discriminator(
    image_shape: Sequence[int] = (32, 32, 3),
    num_classes: int | None = None,
    width: int | Sequence[int] = 32,
    max_width: int = 128,
    group_size: int = 4,
) -> keras.Model:
    """The discriminator of `progressive`: images of the whole size to logits.

    Args:
        image_shape: `(height, width, channels)`, as in `progressive`.
        num_classes: int, for a network that takes a class label too.
        width: int, the channels of the largest stage; or ints in the generator's
            order, from the smallest stage to the largest.
        max_width: int, the most channels of a stage.
        group_size: int, of the standard deviation over the batch.

    Returns:
        A `keras.Model` from images, or from `[images, labels]`, to logits
        `(batch, 1)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    discriminator = keras_gan.architectures.progressive_discriminator(
        (16, 24, 3), width=8
    )
    discriminator(keras.ops.ones((4, 16, 24, 3))).shape  # (4, 1)
    ```

    Karras et al. 2017, arXiv:1710.10196.
    """
    image_shape, widths, _ = plan(image_shape, width, max_width)
    critic = _Critic(widths, arguments.num_classes(num_classes), group_size)
    images = keras.Input(image_shape, name="images")
    level = len(widths) - 1
    logits = critic.logits(critic.features(images, level), level)
    inputs = heads.inputs(images, critic.labels)
    return keras.Model(inputs, logits, name="discriminator")


def _levels_of_generator(
    image_shape, latent_dim, num_classes, width, max_width, output_activation
):
    """Return a generator with the images of every level, and then the faded ones.

    Its outputs are the images of the levels 0, 1, ..., and those of the levels 1, ...
    blended with the enlarged images of the level before.
    """
    image_shape, widths, base = plan(image_shape, width, max_width)
    num_classes = arguments.num_classes(num_classes)
    latent_dim = arguments.integer("latent_dim", latent_dim)

    x = latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    if labels is not None:
        normal = keras.initializers.RandomNormal(stddev=1.0)
        embedding = heads.embed_label(labels, num_classes, latent_dim, normal)
        x = heads.concatenate_label(latents, embedding)
    x = PixelNormalization(name="latents_normalization")(x)
    # The paper's gain; the normalisation makes it up.
    dense = EqualizedDense(
        base[0] * base[1] * widths[0], gain=ROOT_2 / 4, name="base_dense"
    )
    x = layers.Reshape((*base, widths[0]), name="base_reshape")(dense(x))
    x = _activate_normalized(x, "base_dense")
    plain, faded = [], []
    for level, filters in enumerate(widths):
        name = f"level_{level}"
        if level > 0:
            x = layers.UpSampling2D(
                data_format="channels_last", name=f"{name}_upsample"
            )(x)
            x = _conv(filters, f"{name}_conv_1")(x)
            x = _activate_normalized(x, f"{name}_conv_1")
        x = _conv(filters, f"{name}_conv_2")(x)
        x = _activate_normalized(x, f"{name}_conv_2")
        images = EqualizedConv2D(
            image_shape[2], 1, dtype="float32", name=f"{name}_to_images"
        )(x)
        if level > 0:
            old = layers.UpSampling2D(
                data_format="channels_last", dtype="float32", name=f"{name}_enlarge"
            )(plain[-1])
            faded.append(Fade(dtype="float32", name=f"{name}_fade")([old, images]))
        plain.append(images)
    outputs = [
        heads.output_range(output_activation, f"{kind}_{images.shape[1]}_range")(images)
        for kind, found in (("images", plain), ("faded_images", faded))
        for images in found
    ]
    inputs = heads.inputs(latents, labels)
    return keras.Model(inputs, outputs, name="generator")


def _levels_of_discriminator(image_shape, num_classes, width, max_width, group_size):
    """Return a discriminator with an input and an output for every level."""
    image_shape, widths, base = plan(image_shape, width, max_width)
    critic = _Critic(widths, arguments.num_classes(num_classes), group_size)
    inputs, outputs = [], []
    for level in range(len(widths)):
        height, image_width = (side * 2**level for side in base)
        name = f"images_{height}_{image_width}"
        images = keras.Input((height, image_width, image_shape[2]), name=name)
        inputs.append(images)
        features = critic.features(images, level)
        if level > 0:
            smaller = critic.halve(f"level_{level}_images")(images)
            old = critic.features(smaller, level - 1)
            new = critic.block(features, level)
            fade = critic.layer(f"level_{level}_fade", Fade)
            outputs.append(critic.logits(fade([old, new]), level - 1))
        else:
            outputs.append(critic.logits(features, level))
    labels = [] if critic.labels is None else [critic.labels]
    return keras.Model([*inputs, *labels], outputs, name="discriminator")


class _Critic:
    """The layers of the discriminator, each made once and used at several levels.

    Args:
        widths: tuple of ints, the channels of the levels.
        num_classes: int or None.
        group_size: int.
    """

    def __init__(self, widths, num_classes, group_size):
        self.widths = widths
        self.num_classes = num_classes
        self.group_size = group_size
        self.labels = None if num_classes is None else heads.label_input()
        self._layers = {}

    def layer(self, name: str, make: Callable, *args, **kwargs) -> keras.layers.Layer:
        """Return the layer of a name, which is made when it is first asked for."""
        if name not in self._layers:
            self._layers[name] = make(*args, name=name, **kwargs)
        return self._layers[name]

    def halve(self, name):
        return self.layer(
            f"{name}_mean", layers.AveragePooling2D, 2, data_format="channels_last"
        )

    def features(self, images, level):
        """Return the features of images: `(batch, height, width, widths[level])`."""
        name, width = f"level_{level}_from_images", self.widths[level]
        x = self.layer(name, EqualizedConv2D, width, 1, gain=ROOT_2)(images)
        return self._activate(x, name)

    def block(self, x, level):
        """Halve the features of a level: `(..., widths[level - 1])`."""
        name = f"level_{level}"
        widths = self.widths[level], self.widths[level - 1]
        for i, width in enumerate(widths, 1):
            conv = self.layer(
                f"{name}_conv_{i}", EqualizedConv2D, width, 3, gain=ROOT_2
            )
            x = self._activate(conv(x), f"{name}_conv_{i}")
        return self.halve(name)(x)

    def logits(self, x, level):
        """Return the logits for the features of a level."""
        for each in range(level, 0, -1):
            x = self.block(x, each)
        width = self.widths[0]
        full = {"dtype": "float32"}
        x = self.layer("std_dev", MinibatchStdDev, self.group_size, **full)(x)
        conv = self.layer("last_conv", EqualizedConv2D, width, 3, gain=ROOT_2, **full)
        x = self._activate(conv(x), "last_conv", **full)
        flatten = self.layer(
            "flatten", layers.Flatten, data_format="channels_last", **full
        )
        dense = self.layer("features", EqualizedDense, width, gain=ROOT_2, **full)
        x = self._activate(dense(flatten(x)), "features", **full)
        logits = self.layer("logits", EqualizedDense, 1, **full)(x)
        if self.labels is None:
            return logits
        embed = self.layer(
            "label_projection",
            layers.Embedding,
            self.num_classes,
            width,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=width**-0.5),
            **full,
        )
        match = self.layer("label_match", layers.Dot, 1, **full)
        add = self.layer("conditional_logits", layers.Add, **full)
        return add([logits, match([x, embed(self.labels)])])

    def _activate(self, x, name, **kwargs):
        return self.layer(f"{name}_leaky_relu", layers.LeakyReLU, LEAK, **kwargs)(x)


def _conv(filters: int, name: str) -> keras.layers.Layer:
    return EqualizedConv2D(filters, 3, gain=ROOT_2, name=name)


def _activate_normalized(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    x = layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu")(x)
    return PixelNormalization(name=f"{name}_normalization")(x)
