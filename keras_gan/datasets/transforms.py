"""Resize, crop and flip images with Pillow and NumPy."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from keras_gan._typing import Size
from keras_gan.datasets.pictures import resize_picture


def horizontal_flip(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirror each image left to right with probability 1/2.

    Args:
        images: Array (batch, height, width, channels).
        rng: `numpy.random.Generator`.

    Returns:
        Array of the same shape and dtype.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    images = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 3), "uint8")
    data = datasets.Batches(images, batch_size=16, augment=datasets.horizontal_flip)
    ```
    """
    flipped = rng.random(len(images)) < 0.5
    mirrored = images.copy()
    for channel in range(images.shape[-1]):
        mirrored[flipped, ..., channel] = images[flipped, :, ::-1, channel]
    return mirrored


def random_shift(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move each image by up to a sixteenth of its sides, down or up and left or right.

    What comes in at a side repeats the outermost pixels.

    Args:
        images: Array (batch, height, width, channels).
        rng: `numpy.random.Generator`.

    Returns:
        Array of the same shape and dtype.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    images = np.random.default_rng(0).integers(0, 256, (64, 32, 32, 3), "uint8")
    augment = [datasets.horizontal_flip, datasets.random_shift]
    data = datasets.Batches(images, batch_size=16, augment=augment)
    ```
    """
    number, height, width, _ = images.shape
    down, right = height // 16, width // 16
    padded = np.pad(images, ((0, 0), (down, down), (right, right), (0, 0)), "edge")
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (height, width), axis=(1, 2)
    )  # (batch, 2 * down + 1, 2 * right + 1, channels, height, width)
    rows = rng.integers(0, 2 * down + 1, number)
    columns = rng.integers(0, 2 * right + 1, number)
    moved = windows[np.arange(number), rows, columns]
    return np.ascontiguousarray(np.moveaxis(moved, 1, -1))


def binarize(images: np.ndarray, rng: np.random.Generator | int = 0) -> np.ndarray:
    """Draw black and white images: a pixel is white with the probability of its grey.

    Called once with a seed this is the static binarisation of digits by which
    likelihoods are compared; as `augment="binarize"` of a dataset the dynamic one, anew
    in every pass, of which a model can learn less by heart.

    Args:
        images: Array (batch, height, width, channels), uint8, or float in [-1, 1].
        rng: `numpy.random.Generator`, or int, a seed.

    Returns:
        Array of the same shape and dtype, of 0 and 255, or of -1 and 1.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    grey = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 1), "uint8")
    binary = datasets.binarize(grey, 0)
    data = datasets.Batches(grey, batch_size=16, augment="binarize")
    ```

    Salakhutdinov and Murray 2008, "On the Quantitative Analysis of Deep Belief
    Networks".
    """
    rng = np.random.default_rng(rng)
    chance = rng.random(images.shape, dtype="float32")
    if images.dtype == np.uint8:
        return (255 * chance < images).astype("uint8") * np.uint8(255)
    white = 2 * chance - 1 < images
    return np.where(white, 1, -1).astype(images.dtype)


def crop_windows(
    images: Sequence[np.ndarray],
    size: tuple[int, int],
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Crop a window of each image, at random or from the centre.

    Args:
        images: Sequence of arrays (height, width, channels), not always equal.
        size: Pair (height, width) of the window.
        rng: `numpy.random.Generator`, or `None` for the centre.

    Returns:
        Array (batch, height, width, channels).
    """
    height, width = size
    free = np.array([image.shape[:2] for image in images]) - size  # (batch, 2)
    corners = free // 2 if rng is None else rng.integers(0, free + 1)
    windows = [
        image[top : top + height, left : left + width]
        for image, (top, left) in zip(images, corners.tolist(), strict=True)
    ]
    return np.stack(windows)


def resize_array(
    image: np.ndarray, size: tuple[int, int], crop: str | None = None
) -> np.ndarray:
    """Resize an array (height, width, channels) of any number of channels."""
    from PIL import Image

    if image.dtype == np.uint8 and image.shape[-1] == 3:
        return np.asarray(resize_picture(Image.fromarray(image), size, crop))
    planes = [
        np.asarray(resize_picture(Image.fromarray(plane), size, crop))
        for plane in np.moveaxis(image, -1, 0)
    ]
    return np.stack(planes, axis=-1)


def check_geometry(size: Size, crop: str | None) -> tuple[int, int] | None:
    """Return `size` as a pair of integers; raise `ValueError` on bad arguments."""
    if crop not in (None, "center", "random"):
        raise ValueError(
            f'`crop` must be None, "center" or "random". Received: crop={crop!r}'
        )
    if size is None:
        if crop is not None:
            raise ValueError(
                f"crop={crop!r} needs to know what to cut out: "
                "pass size=(height, width) too."
            )
        return None
    size = (size, size) if isinstance(size, int) else tuple(size)
    if len(size) != 2 or not all(isinstance(n, int) and n > 0 for n in size):
        raise ValueError(
            "`size` must be a pair (height, width) of positive integers. "
            f"Received: size={size!r}"
        )
    return size


def num_threads() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_threads(
    function: Callable[[Any], Any], items: Iterable[Any], chunk: int = 16
) -> list[Any]:
    """Return `[function(item) for item in items]`, computed by a pool of threads.

    After an error, the chunks that have not started are cancelled.
    """
    items = list(items)
    chunks = [items[i : i + chunk] for i in range(0, len(items), chunk)]
    if len(chunks) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(num_threads()) as pool:
        try:
            done = pool.map(lambda chunk: [function(item) for item in chunk], chunks)
            return [result for results in done for result in results]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
