"""Corruptions of images: filtered bands, noise, and a hole."""

import keras
from keras import ops

from keras_gan._typing import Change, Seed, Tensor
from keras_gan.augment import wavelets
from keras_gan.augment.random_draws import OperationDraws


def sample_filter(draws: OperationDraws, height: int, width: int) -> Change:
    """Sample a filter that amplifies or weakens octaves of frequencies.

    Each of four bands is changed with the probability. Gains are scaled so that the
    power of a natural image stays what it is.
    """
    gains = [1.0] * wavelets.NUM_BANDS
    for band in range(wavelets.NUM_BANDS):
        gain = draws.operation("filter", lambda std: ops.exp2(draws.normal(std)), 1.0)
        share = float(wavelets.BAND_POWER[band])
        scale = ops.rsqrt(1.0 - share + share * ops.square(gain))
        for other in range(wavelets.NUM_BANDS):
            gains[other] = gains[other] * scale * (gain if other == band else 1.0)
    gains = ops.stack(gains, axis=1)  # (batch, bands)
    rows, columns = (_filter_matrices(gains, size) for size in (height, width))
    return lambda images: wavelets.along_both_axes(images, rows, columns[:, None])


def _filter_matrices(gains, size):
    """Return the filter of each image as a matrix: `(batch, size, size)`."""
    bands = wavelets.band_matrices(size).reshape(wavelets.NUM_BANDS, size * size)
    return ops.reshape(ops.matmul(gains, bands), (-1, size, size))


def sample_noise(draws: OperationDraws, images: Tensor, seed: Seed) -> Change:
    """Sample normal noise for every pixel, of a half-normal strength for every image.

    Args:
        draws: the random numbers of the images.
        images: float tensor, of which only the shape is used.
        seed: of the noise of the pixels.
    """
    std = draws.operation("noise", lambda std: ops.abs(draws.normal(std)), 0.0)
    if isinstance(seed, int):
        seed = (seed + 1) % 2**31  # not the numbers that `draws` is made of
    noise = keras.random.normal(ops.shape(images), dtype="float32", seed=seed)
    noise = std[:, None, None, None] * noise
    return lambda images: images + noise


def sample_cutout(draws: OperationDraws, height: int, width: int) -> Change:
    """Sample a rectangle that becomes mid-grey, 0. It may lie partly outside."""
    size = draws.operation("cutout", lambda share: share, 0.0)
    center_x, center_y = draws.uniform(), draws.uniform()
    is_inside = _within(width, center_x, size)[:, None, :]
    is_inside = is_inside & _within(height, center_y, size)[:, :, None]
    kept = 1.0 - ops.cast(is_inside, "float32")[..., None]
    return lambda images: images * kept


def _within(num_pixels, center, size):
    """Whether pixels lie inside, `(batch, num_pixels)`; both are shares of the axis."""
    places = (ops.arange(num_pixels, dtype="float32") + 0.5) / num_pixels
    return ops.abs(places[None] - center[:, None]) < size[:, None] / 2
