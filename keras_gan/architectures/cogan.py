"""The networks of CoGAN, for pairs of images side by side."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.coupled import halves, one_of_two, side_by_side
from keras_gan.layers import BatchNormalization, Conv2D, Conv2DTranspose, Dropout
from keras_gan.validation import arguments


def cogan(
    image_shape: Sequence[int] = (28, 56, 1),
    latent_dim: int = 100,
    width: int = 64,
    units: int = 512,
    num_classes: int | None = None,
    shared_maps: int | None = None,
) -> tuple[keras.Model, keras.Model]:
    """Coupled generators, and coupled discriminators, for pairs of images.

    The generators share all but the last convolution, and the discriminators all but
    the first: what a picture shows is shared, and how it is drawn is not. Batch
    normalisation without a scale in G, PReLU and Glorot's weights in both, as
    published; the rest is narrower. `shared_maps` ties the two images of a pair
    pixel by pixel.

    Args:
        image_shape: `(height, width, channels)` of a pair, of twice the width of one
            image; height divisible by 4, width by 8.
        latent_dim: int, the length of one latent vector.
        width: int, the channels at full resolution in G, and of D's first layer.
        units: int, of D's dense layer.
        num_classes: int, for a classifier on D's shared layers; see
            `cogan_discriminator`.
        shared_maps: int, the feature maps that both images are drawn from; see
            `cogan_generator`.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s, for pairs of images side by
        side.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    networks = keras_gan.architectures.cogan((28, 56, 1), width=8, units=32)
    gan = keras_gan.models.CoGAN(*networks)
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536.
    """
    return (
        cogan_generator(image_shape, latent_dim, width, shared_maps),
        cogan_discriminator(image_shape, width, units, num_classes),
    )


def cogan_generator(
    image_shape: Sequence[int] = (28, 56, 1),
    latent_dim: int = 100,
    width: int = 64,
    shared_maps: int | None = None,
) -> keras.Model:
    """The generators of `cogan`: latents to pairs of images in [-1, 1].

    As published, each image is drawn by one convolution from the `width` channels that
    are shared. One image may then follow some of these channels and the other image
    others, and nothing ties their pixels. With `shared_maps` both have to be drawn
    from a few smooth maps, one for grey images, each by two convolutions of its own,
    which see 7 x 7 pixels: what is in one image is in the other, in the same place.
    Without the smoothing one image hides in the other's stripes.

    Args:
        image_shape: `(height, width, channels)` of a pair.
        latent_dim: int, the length of one latent vector.
        width: int, the channels at full resolution; twice and four times as many below.
        shared_maps: int, the feature maps, of full resolution, that both images are
            drawn from; None for what was published.

    Returns:
        A `keras.Model` from latents to pairs `(batch, height, width, channels)`.

    Raises:
        ValueError: if the image shape cannot be built, or `shared_maps` is less than 1.

    Example:

    ```python
    generator = keras_gan.architectures.cogan_generator(width=8)
    pairs = generator(keras.ops.ones((4, 100)))  # (4, 28, 56, 1)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    image_height, image_width, channels = one_of_two(image_shape)
    base = (image_height // 4, image_width // 4, 4 * width)
    x = latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(base[0] * base[1] * base[2], use_bias=False, name="base_dense")(x)
    x = layers.Reshape(base, name="base_reshape")(x)
    x = _prelu(_norm(x, "base_norm"), "base_prelu")
    for i, filters in enumerate((2 * width, width), start=1):
        x = Conv2DTranspose(
            filters,
            4,
            strides=2,
            padding="same",
            use_bias=False,
            name=f"block_{i}_conv",
        )(x)
        x = _prelu(_norm(x, f"block_{i}_norm"), f"block_{i}_prelu")
    last, drawn = 5, [x, x]
    if shared_maps is not None:
        shared_maps = arguments.integer("shared_maps", shared_maps)
        x = Conv2D(shared_maps, 5, padding="same", use_bias=False, name="maps_conv")(x)
        for i in (1, 2):
            x = layers.AveragePooling2D(
                3, 1, "same", data_format="channels_last", name=f"smooth_{i}"
            )(x)
        x = _norm(x, "maps_norm")
        last, drawn = 3, [_drawing(x, width, name) for name in "ab"]
    images = [
        layers.Conv2D(
            channels,
            last,
            padding="same",
            activation="tanh",
            data_format="channels_last",
            dtype="float32",
            name=f"to_images_{name}",
        )(features)
        for name, features in zip("ab", drawn, strict=True)
    ]
    return keras.Model(latents, side_by_side(images), name="generator")


def cogan_discriminator(
    image_shape: Sequence[int] = (28, 56, 1),
    width: int = 64,
    units: int = 512,
    num_classes: int | None = None,
) -> keras.Model:
    """The discriminators of `cogan`: pairs of images to two logits.

    With `num_classes` there are two further outputs, for domain adaptation: logits of
    the classes, by a layer that both discriminators share, and the features below it.

    Args:
        image_shape: `(height, width, channels)` of a pair.
        width: int, the channels of the first convolution.
        units: int, of the dense layer.
        num_classes: int, or None for no classifier.

    Returns:
        A `keras.Model` from pairs to logits `(batch, 2)`, of the first and of the
        second image; with classes to `[logits, class_logits, features]`, the last two
        of shapes `(batch, 2, num_classes)` and `(batch, 2, units)`.

    Raises:
        ValueError: if the image shape cannot be built.

    Example:

    ```python
    discriminator = keras_gan.architectures.cogan_discriminator(width=8, units=32)
    discriminator(keras.ops.ones((4, 28, 56, 1))).shape  # (4, 2)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    pairs, images = halves(one_of_two(image_shape))
    firsts = []
    for name, image in images.items():
        x = Conv2D(width, 5, strides=2, padding="same", name=f"conv_{name}")(image)
        firsts.append(_prelu(x, f"prelu_{name}"))
    shared = [
        Conv2D(2 * width, 5, strides=2, padding="same", name="shared_conv"),
        layers.PReLU(shared_axes=[1, 2], name="shared_prelu"),
        layers.Flatten(data_format="channels_last", name="flat"),
        layers.Dense(units, name="shared_dense"),
        layers.PReLU(name="features"),
    ]
    features = [_through(shared, x) for x in firsts]
    drop = Dropout(0.5, name="shared_dropout")
    head = layers.Dense(1, dtype="float32", name="logits")
    logits = [head(drop(x)) for x in features]
    outputs = layers.Concatenate(dtype="float32", name="both_logits")(logits)
    if num_classes is not None:
        classify = layers.Dense(num_classes, dtype="float32", name="class_logits")
        classes = [classify(drop(x)) for x in features]
        outputs = [outputs, _stacked(classes, "classes"), _stacked(features, "both")]
    return keras.Model(pairs, outputs, name="discriminator")


def _through(shared, x):
    for layer in shared:
        x = layer(x)
    return x


def _stacked(tensors, name):
    """Stack the tensors of both images along a new axis: `(batch, 2, size)`."""
    size = tensors[0].shape[-1]
    joined = layers.Concatenate(dtype="float32", name=f"{name}_joined")(tensors)
    return layers.Reshape((2, size), dtype="float32", name=f"{name}_by_image")(joined)


def _drawing(x, width, name):
    """The first of the two convolutions that draw an image from the shared maps."""
    x = Conv2D(width, 5, padding="same", name=f"drawing_conv_{name}")(x)
    return _prelu(x, f"drawing_prelu_{name}")


def _prelu(x, name):
    return layers.PReLU(shared_axes=[1, 2], name=name)(x)


def _norm(x, name):
    return BatchNormalization(momentum=0.9, scale=False, name=name)(x)
