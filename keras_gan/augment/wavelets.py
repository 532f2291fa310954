"""The wavelets by which ADA resamples and filters images, as fixed matrices.

A filter that runs along an axis of a known size is a matrix of that size. Two products
with small matrices are fast on every backend, and their derivatives are exact. Beyond
its border an image is mirrored, as often as need be.
"""

import functools
import math

import numpy as np
from keras import ops

from keras_gan._typing import Tensor

# Daubechies' symlets (I. Daubechies 1992, "Ten Lectures on Wavelets", chapter 8).
# Shifts of them by even numbers are orthonormal.
SYM2 = np.array([1 - 3**0.5, 3 - 3**0.5, 3 + 3**0.5, 1 + 3**0.5]) / (4 * 2**0.5)
SYM6 = np.array(
    [
        *(0.015404109327027373, 0.0034907120842174702, -0.11799011114819057),
        *(-0.048311742585633, 0.4910559419267466, 0.787641141030194),
        *(0.3379294217276218, -0.07263752278646252, -0.021060292512300564),
        *(0.04472490177066578, 0.0017677118642428036, -0.007800708325034148),
    ]
)
# The tap of SYM6 that lies over a pixel: the wavelet is nearly symmetric about it.
CENTER = 5
NUM_BANDS = 4
# How much of the power of natural images lies in each band, the lowest first.
BAND_POWER = np.array([10, 1, 1, 1]) / 13


def num_halves(size: int) -> int:
    """Return how many places, half a pixel apart, `halving_matrix` looks at."""
    return 2 * size + len(SYM6) - 2


@functools.cache
def doubling_matrix(size: int) -> np.ndarray:
    """Return the matrix from an axis to places half a pixel apart.

    Place n lies over pixel n / 2. There is one period of the mirrored axis, so that
    place n is that of n modulo the number of rows.

    Args:
        size: int, the number of pixels.

    Returns:
        A float32 array `(4 * (size - 1), size)`, `(2, 1)` for one pixel.
    """
    matrix = np.zeros((2 * max(2 * (size - 1), 1), size))
    for place in range(len(matrix)):
        for tap, weight in enumerate(SYM6):
            pixel, rest = divmod(place + CENTER - tap, 2)
            if rest == 0:
                matrix[place, _mirrored(pixel, size)] += math.sqrt(2) * weight
    return matrix.astype("float32")


@functools.cache
def halving_matrix(size: int) -> np.ndarray:
    """Return the matrix from places half a pixel apart to an axis.

    Args:
        size: int, the number of pixels. The first place is 5 halves before the first
            pixel.

    Returns:
        A float32 array `(size, num_halves(size))`.
    """
    matrix = np.zeros((size, num_halves(size)))
    for pixel in range(size):
        matrix[pixel, 2 * pixel : 2 * pixel + len(SYM6)] = SYM6 / math.sqrt(2)
    return matrix.astype("float32")


@functools.cache
def band_filters() -> np.ndarray:
    """Return filters that part a signal into four octaves; they sum to the identity.

    Returns:
        A float64 array `(4, taps)`, the lowest band first.
    """
    low = np.convolve(SYM2, SYM2[::-1]) / 2
    high = -low
    high[len(low) // 2] += 1.0  # what the low band leaves
    bands = [np.ones(1)]
    for _ in range(NUM_BANDS - 1):
        bands = [np.convolve(_spread(band), low) for band in bands]
        bands.append(_padded(high, len(bands[0])))
    return np.stack([_padded(band, len(bands[0])) for band in bands])


@functools.cache
def band_matrices(size: int) -> np.ndarray:
    """Return the filters of the bands as matrices of an axis.

    Args:
        size: int, the number of pixels.

    Returns:
        A float32 array `(4, size, size)`.
    """
    filters = band_filters()
    middle = filters.shape[1] // 2
    matrices = np.zeros((NUM_BANDS, size, size))
    for pixel in range(size):
        for tap in range(filters.shape[1]):
            source = _mirrored(pixel + tap - middle, size)
            matrices[:, pixel, source] += filters[:, tap]
    return matrices.astype("float32")


def along_both_axes(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Apply a matrix to the height of images and another one to their width.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        rows: float tensor `(new height, height)`, or `(batch, new height, height)`.
        columns: float tensor `(new width, width)`, or `(batch, 1, new width, width)`.

    Returns:
        A float tensor `(batch, new height, new width, channels)`.
    """
    _, height, width, channels = images.shape
    new_height, new_width = rows.shape[-2], columns.shape[-2]
    x = ops.reshape(images, (-1, height, width * channels))
    x = ops.matmul(ops.convert_to_tensor(rows), x)
    x = ops.reshape(x, (-1, new_height, width, channels))
    x = ops.matmul(ops.convert_to_tensor(columns), x)
    return ops.reshape(x, (-1, new_height, new_width, channels))


def _mirrored(position: int, size: int) -> int:
    """Return the pixel that is seen at a position of the mirrored axis."""
    last = size - 1
    return last - abs(position % max(2 * last, 1) - last)


def _spread(taps: np.ndarray) -> np.ndarray:
    """Put a zero between every two taps."""
    spread = np.zeros(2 * len(taps) - 1)
    spread[::2] = taps
    return spread


def _padded(taps: np.ndarray, length: int) -> np.ndarray:
    return np.pad(taps, (length - len(taps)) // 2)
