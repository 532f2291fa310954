"""Translation of pictures of any size, where the network is fully convolutional.

A network that halves a picture and doubles it again gives it back in its own size only
where the sides are multiples of a power of two. Other pictures are continued at the
right and at the bottom by their last column and row, and the result is cut to size.
"""

from __future__ import annotations

import numpy as np

from keras_gan.conditions import Image
from keras_gan.pixels import as_array
from keras_gan.validation.networks import made_of

LARGEST = 2**10


def size_multiple(network, shape: tuple) -> int:
    """Return what the sides of pictures must be multiples of.

    It is found by tracing the network, which computes nothing.

    Args:
        network: a built `keras.Model` from images to images.
        shape: `(height, width, channels)` of its inputs; None for any size.

    Returns:
        int, a power of two; 1 for a network of one size, and for one whose output is
        never proportional to its input.
    """
    if None not in shape[:2]:
        return 1
    multiple = 1
    while multiple <= LARGEST:
        size = [
            side or factor * multiple
            for side, factor in zip(shape[:2], (7, 9), strict=True)
        ]
        if _is_in_proportion(network, (*size, shape[2])):
            return multiple
        multiple *= 2
    return 1


def translate(images, condition: Image, multiple: int, run) -> np.ndarray:
    """Translate images by a function that takes sides of certain multiples.

    Args:
        images: array `(num_images, height, width, channels)`, or one image
            `(height, width, channels)`; float32 in [-1, 1], or uint8.
        condition: the images that the function takes.
        multiple: int, from `size_multiple`.
        run: function from an array of images to a float32 array of images.

    Returns:
        A float32 array of as many images; a single one for one.

    Raises:
        ValueError: on other images.
    """
    images = as_array(images)
    is_one = images.ndim == 3
    images = images[None] if is_one else images
    if images.ndim != 4 or 0 in images.shape:
        raise ValueError(
            f"The images have the shape {images.shape}. Expected (num_images, "
            "height, width, channels), or one image (height, width, channels)."
        )
    condition.check(images, len(images))
    padded = _pad(images, multiple)
    made = _cut(run(padded), padded.shape[1:3], images.shape[1:3])
    return made[0] if is_one else made


def _pad(images, multiple):
    """Continue images by their last row and column, to multiples of a number."""
    missing = [(0, -side % multiple) for side in images.shape[1:3]]
    return np.pad(images, [(0, 0), *missing, (0, 0)], mode="edge")


def _cut(made, padded, wanted):
    """Cut what was made of padded images to the part that was not padding."""
    height, width = (
        size * before // after
        for size, before, after in zip(made.shape[1:3], wanted, padded, strict=True)
    )
    return made[:, :height, :width]


def _is_in_proportion(network, shape):
    made = made_of(network, shape)
    if made is None or len(made) != 3 or None in made:
        return False
    (height, width, _), (made_height, made_width, _) = shape, made
    if made_height * width != made_width * height:
        return False
    return made_height % height == 0 or height % made_height == 0
