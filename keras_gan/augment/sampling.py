"""Resample images: look up each output pixel in the input.

Only gathers and sums are used, so derivatives of any order are exact.
"""

from keras import ops

from keras_gan._typing import Tensor


def pixels(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Look up whole pixels.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        rows: int tensor that broadcasts to `(batch, height, width)`, in range.
        columns: likewise.

    Returns:
        A float tensor of the shape of the images.
    """
    _, height, width, channels = images.shape
    first = ops.arange(ops.shape(images)[0], dtype="int32")[:, None, None] * height
    index = (first + rows) * width + columns  # (batch, height, width)
    return ops.take(ops.reshape(images, (-1, channels)), index, axis=0)


def bilinear(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Interpolate between pixels. Beyond its border an image is mirrored.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        rows: float tensor `(batch, height, width)`, 0 at the centre of the first row.
        columns: likewise.

    Returns:
        A float tensor of the shape of the images.
    """
    _, height, width, _ = images.shape
    return _interpolated(
        images, _mirrored_neighbours(rows, height), _mirrored_neighbours(columns, width)
    )


def periodic_bilinear(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Interpolate between pixels. Beyond its border an image begins anew.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        rows: float tensor `(batch, new height, new width)`.
        columns: likewise.

    Returns:
        A float tensor `(batch, new height, new width, channels)`.
    """
    _, height, width, _ = images.shape
    return _interpolated(
        images, _periodic_neighbours(rows, height), _periodic_neighbours(columns, width)
    )


def _interpolated(images, vertical, horizontal):
    top, bottom, down = vertical
    left, right, across = horizontal
    upper = _mix(pixels(images, top, left), pixels(images, top, right), across)
    lower = _mix(pixels(images, bottom, left), pixels(images, bottom, right), across)
    return _mix(upper, lower, down)


def _mirrored_neighbours(positions, size):
    """Return the pixels on both sides, and the weight of the second, in [0, 1]."""
    last = size - 1
    positions = ops.mod(positions, max(2 * last, 1))
    positions = last - ops.abs(positions - last)  # Reflected.
    first = ops.clip(ops.floor(positions), 0, last)
    share = positions - first
    first = ops.cast(first, "int32")
    return first, ops.minimum(first + 1, last), share[..., None]


def _periodic_neighbours(positions, size):
    """Return the pixels on both sides, and the weight of the second, in [0, 1]."""
    first = ops.floor(positions)
    share = positions - first
    first = ops.cast(ops.mod(first, size), "int32")
    return first, ops.mod(first + 1, size), share[..., None]


def _mix(a, b, share):
    return a + share * (b - a)
