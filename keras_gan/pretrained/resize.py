"""Resize images by two small matrices, with equal results on every backend.

A bilinear resize is linear and separable: `rows @ image @ columns.T`. Libraries differ
only in the matrices. This difference changes a Frechet distance by whole points
(Parmar et al. 2022, arXiv 2104.11222), so the matrices are written explicitly here.
"""

from collections.abc import Callable

import numpy as np
from keras import ops

from keras_gan._typing import Tensor


def tf1_bilinear(in_size: int, out_size: int) -> np.ndarray:
    """Return the matrix of TensorFlow 1's `resize_bilinear` without aligned corners.

    Pixel `i` of the output samples the input at `i * in_size / out_size`: the upper
    left corners match, and downscaling is not antialiased.

    Returns:
        float32 array of shape `(out_size, in_size)`.
    """
    position = np.arange(out_size, dtype="float32") * np.float32(in_size / out_size)
    low = np.minimum(position.astype("int64"), in_size - 1)
    high = np.minimum(low + 1, in_size - 1)
    weight = position - low
    matrix = np.zeros((out_size, in_size), "float32")
    rows = np.arange(out_size)
    np.add.at(matrix, (rows, low), 1 - weight)
    np.add.at(matrix, (rows, high), weight)
    return matrix


def antialiased_bilinear(in_size: int, out_size: int) -> np.ndarray:
    """Return the matrix of a triangle filter that is widened for downscaling.

    This is the filter of picture viewers, and of Pillow's `BILINEAR`.

    Returns:
        float32 array of shape `(out_size, in_size)`.
    """
    scale = in_size / out_size
    center = (np.arange(out_size)[:, None] + 0.5) * scale - 0.5
    distance = np.abs(np.arange(in_size)[None, :] - center) / max(scale, 1.0)
    matrix = np.maximum(1.0 - distance, 0.0)
    return (matrix / matrix.sum(axis=1, keepdims=True)).astype("float32")


def resize(
    images: Tensor,
    size: int | tuple[int, int],
    matrix: Callable[[int, int], np.ndarray] = antialiased_bilinear,
) -> Tensor:
    """Resize images with the matrices of a function of this module.

    Args:
        images: tensor of shape `(batch, height, width, channels)`.
        size: int, the height and width of the result; or a pair of them.
        matrix: function of `(in_size, out_size)`.

    Returns:
        A tensor of shape `(batch, size, size, channels)`.
    """
    height, width = images.shape[1:3]
    new_height, new_width = (size, size) if isinstance(size, int) else size
    if height != new_height:
        images = ops.einsum("oh,bhwc->bowc", matrix(height, new_height), images)
    if width != new_width:
        images = ops.einsum("ow,bhwc->bhoc", matrix(width, new_width), images)
    return images


def to_rgb(images: Tensor) -> Tensor:
    """Repeat a grey channel three times. Colour images stay as they are."""
    return ops.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
