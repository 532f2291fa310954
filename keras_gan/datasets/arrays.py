"""Validate arrays of images, vectors and labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.pixels import from_uint8
from keras_gan.validation.data import check_scale


def check_images(
    images: ArrayLike, value_range: Sequence[float] | None = None
) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Return an array with a channel axis and the range of its values.

    Args:
        images: `uint8` images (n, height, width[, channels]), float images of the
            same shape, or float vectors (n, features).
        value_range: Pair (low, high) of float images, the values that mean black
            and white. Not needed for `uint8`, nor for floats in [-1, 1]
            of which some are negative.

    Returns:
        The array, and the pair (low, high), or `None` for vectors, which are not
        scaled.
    """
    if isinstance(images, (list, tuple)) or hasattr(images, "__array__"):
        images = np.asanyarray(images)
    if not isinstance(images, np.ndarray):
        raise ValueError(
            "`images` must be an array (n, height, width, channels) or (n, features). "
            f"Received: {type(images).__name__}. For a folder, a file name or a "
            "dataset's name use `keras_gan.datasets.load`."
        )
    if len(images.shape) < 2 or 0 in images.shape:
        raise ValueError(
            "`images` must be a non-empty array (n, height, width, channels) or "
            f"(n, features). Received: shape {images.shape}"
        )
    is_float = np.issubdtype(images.dtype, np.floating)
    if images.ndim == 2 and is_float:
        check_finite(images)
        return images, None
    if images.ndim not in (3, 4):
        raise ValueError(
            "`images` must have shape (n, height, width) or (n, height, width, "
            f"channels). Received: {images.dtype} of shape {images.shape}. "
            "Use `images.reshape(...)`."
        )
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.dtype == np.uint8:
        if value_range is not None and tuple(value_range) != (0, 255):
            raise ValueError(
                "uint8 images have the value range (0, 255). "
                f"Received: value_range={value_range}"
            )
        check_scale(images, images.shape[1:], is_whole=True)
        return images, (0, 255)
    if not is_float:
        raise ValueError(
            f"`images` must be uint8 or float. Received: {images.dtype}. If the values "
            'are 0 to 255, pass `images.astype("uint8")`.'
        )
    return images, check_range(images, value_range)


def check_range(
    images: np.ndarray, value_range: Sequence[float] | None
) -> tuple[float, float]:
    """Return the range (low, high) of float images, or raise `ValueError`."""
    check_finite(images)
    low, high = float(images.min()), float(images.max())
    if value_range is None:
        if -1 <= low < 0 and high <= 1:
            return (-1, 1)
        raise ValueError(
            f"Float images with values from {low:g} to {high:g}: it is not clear which "
            "values mean black and white. Pass value_range=(0, 1), (0, 255) or (-1, 1)."
        )
    black, white = value_range
    if not black < white or low < black or high > white:
        raise ValueError(
            "`value_range` must be a pair (low, high) that holds all values. "
            f"Received: value_range={tuple(value_range)} for values from {low:g} to "
            f"{high:g}"
        )
    return (black, white)


def check_finite(values: np.ndarray) -> None:
    """Raise `ValueError` if a value is NaN or infinite."""
    finite = np.isfinite(values)
    if not finite.all():
        raise ValueError(
            f"The data holds {values.size - finite.sum()} values that are NaN or "
            "infinite. Remove those samples first."
        )


def check_labels(labels: ArrayLike, num_samples: int) -> np.ndarray:
    """Return labels as an `int32` array (num_samples,), or raise `ValueError`."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != (num_samples,):
        raise ValueError(
            f"`labels` must be {num_samples} integers, one for each sample. "
            f"Received: {labels.dtype} of shape {labels.shape}. For one-hot labels "
            "pass `labels.argmax(axis=-1)`."
        )
    if labels.min() < 0:
        raise ValueError(
            "`labels` must count the classes from 0. "
            f"Received: labels from {labels.min()} to {labels.max()}"
        )
    return labels.astype(np.int32)


def scale(images: np.ndarray, value_range: Sequence[float] | None) -> np.ndarray:
    """Map values from `value_range` to float32 in [-1, 1]: 0 to -1 and 255 to 1."""
    if value_range is None:
        return np.asarray(images, dtype=np.float32)
    if images.dtype == np.uint8:
        return from_uint8(images)
    low, high = value_range
    if (low, high) == (-1, 1):
        return np.asarray(images, dtype=np.float32)
    half = np.float32((high - low) / 2)
    scaled = np.subtract(images, np.float32(low), dtype=np.float32)
    scaled /= half
    scaled -= np.float32(1)
    return scaled
