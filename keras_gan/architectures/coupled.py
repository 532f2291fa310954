"""Coupled networks: two generators, or two discriminators, with shared layers.

A pair of images is one image of twice the width, side by side. So both generators are
one `keras.Model`, and a layer that they share is one layer.
"""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.architectures.infogan import quartered
from keras_gan.validation import arguments


def couple_generators(
    shared: keras.Model, last_a: keras.Model, last_b: keras.Model
) -> keras.Model:
    """Make coupled generators from parts of your own.

    Args:
        shared: `keras.Model` from latents to features: the layers that are shared.
        last_a: `keras.Model` from features to images of A.
        last_b: `keras.Model` from features to images of B.

    Returns:
        A `keras.Model` from latents to pairs of images side by side.

    Raises:
        ValueError: if the parts do not fit, or do not make images of one shape.

    Example:

    ```python
    layers = keras.layers
    shared = keras.Sequential([keras.Input((16,)), layers.Dense(32, "relu")])
    a, b = (
        keras.Sequential(
            [keras.Input((32,)), layers.Dense(64, "tanh"), layers.Reshape((8, 8, 1))]
        )
        for _ in range(2)
    )
    generator = keras_gan.architectures.couple_generators(shared, a, b)
    generator(keras.ops.ones((4, 16))).shape  # (4, 8, 16, 1)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    for name, last in (("last_a", last_a), ("last_b", last_b)):
        _check_fits("shared", shared.output_shape, name, last.input_shape)
        _check_images(f"`{name}` makes", last.output_shape)
    if last_a.output_shape != last_b.output_shape:
        raise ValueError(
            f"`last_a` makes images of shape {last_a.output_shape[1:]}, and `last_b` "
            f"{last_b.output_shape[1:]}. Give them one shape: a pair is side by side."
        )
    latents = keras.Input(shared.input_shape[1:], name="latents")
    features = shared(latents)
    images = [last_a(features), last_b(features)]
    return keras.Model(latents, side_by_side(images), name="generator")


def couple_discriminators(
    first_a: keras.Model, first_b: keras.Model, shared: keras.Model
) -> keras.Model:
    """Make coupled discriminators from parts of your own.

    Args:
        first_a: `keras.Model` from images of A to features.
        first_b: `keras.Model` from images of B to features of the same shape.
        shared: `keras.Model` from features to a LOGIT, `(batch, 1)`: the layers that
            are shared.

    Returns:
        A `keras.Model` from pairs of images side by side to two logits.

    Raises:
        ValueError: if the features that the shared layers get differ in shape, or the
            parts do not take images of one shape.

    Example:

    ```python
    layers = keras.layers
    a, b = (
        keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(32, "relu")]
        )
        for _ in range(2)
    )
    shared = keras.Sequential([keras.Input((32,)), layers.Dense(1)])
    discriminator = keras_gan.architectures.couple_discriminators(a, b, shared)
    discriminator(keras.ops.ones((4, 8, 16, 1))).shape  # (4, 2)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    for name, first in (("first_a", first_a), ("first_b", first_b)):
        _check_fits(name, first.output_shape, "shared", shared.input_shape)
        _check_images(f"`{name}` takes", first.input_shape)
    if first_a.input_shape != first_b.input_shape:
        raise ValueError(
            f"`first_a` takes images of shape {first_a.input_shape[1:]}, and `first_b` "
            f"{first_b.input_shape[1:]}. Give them one shape: a pair is side by side."
        )
    pairs, images = halves(first_a.input_shape[1:])
    logits = [shared(first_a(images["a"])), shared(first_b(images["b"]))]
    both = layers.Concatenate(dtype="float32", name="both_logits")(logits)
    return keras.Model(pairs, both, name="discriminator")


def one_of_two(image_shape: Sequence[int]) -> tuple[int, int, int]:
    """Return the shape of one image of a pair.

    Args:
        image_shape: `(height, width, channels)` of a pair.

    Raises:
        ValueError: if the images cannot be halved twice, or the width is odd.
    """
    image_height, image_width, channels = arguments.image_shape(image_shape)
    if image_width % 2:
        raise ValueError(
            "A pair of images is side by side, (height, 2 * width, channels). Received "
            f"an odd width: {image_shape!r}"
        )
    return quartered((image_height, image_width // 2, channels))


def halves(
    image_shape: Sequence[int],
) -> tuple[keras.KerasTensor, dict[str, keras.KerasTensor]]:
    """Return an input for pairs of images, and its images.

    Args:
        image_shape: `(height, width, channels)` of one image.

    Returns:
        `(pairs, images)`: the input `images` of twice the width, and a dict of its two
        halves, `"a"` and `"b"`.
    """
    image_height, image_width, channels = image_shape
    pairs = keras.Input((image_height, 2 * image_width, channels), name="images")
    images = {}
    for name, columns in (("a", (0, image_width)), ("b", (image_width, 0))):
        half = layers.Cropping2D(
            ((0, 0), columns), data_format="channels_last", name=f"half_{name}"
        )
        images[name] = half(pairs)
    return pairs, images


def side_by_side(images: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    """Return images of both domains as pairs, in float32."""
    return layers.Concatenate(axis=2, dtype="float32", name="side_by_side")(images)


def _check_images(what, shape):
    if len(shape) != 4 or None in shape[1:]:
        raise ValueError(
            f"{what} the shape {shape[1:]}. Expected images of a known size, (height, "
            "width, channels): a pair is side by side."
        )


def _check_fits(name, made, other, taken):
    if made[1:] != taken[1:]:
        raise ValueError(
            f"`{name}` makes features of shape {made[1:]}, and `{other}` takes "
            f"{taken[1:]}. Layers that are shared need one shape from both."
        )
