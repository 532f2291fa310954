"""Image grids, and the conversion of floats to bytes."""

import math
import os

import numpy as np
from keras import ops
from PIL import Image

from keras_gan import pixels
from keras_gan.files import atomic_write
from keras_gan.validation import arguments

# The colour between the images for each number of channels: white, or transparent
# with an alpha channel.
_GAPS = {1: [255], 2: [255, 0], 3: [255] * 3, 4: [255] * 3 + [0]}


def to_uint8(images) -> np.ndarray:
    """Convert floats in [-1, 1] to bytes, with clipping.

    -1 becomes 0 and 1 becomes 255; other values go to the nearest of the 256 steps.
    Values outside [-1, 1] are clipped, as when the generator ends without a tanh.
    `keras_gan.pixels.to_uint8` refuses them instead.

    Args:
        images: float array or tensor of any shape. uint8 passes unchanged.

    Returns:
        A uint8 array of the same shape.

    Raises:
        ValueError: if the images contain NaN, or are integers other than uint8.

    Example:

    ```python
    keras_gan.plotting.to_uint8([-1.0, 0.2, 1.0])  # array([  0, 153, 255], dtype=uint8)
    ```
    """
    images = _array(images)
    if images.dtype == np.float32:
        images = np.clip(images, -1.0, 1.0)
    return pixels.to_uint8(images)


def image_grid(
    images,
    num_columns: int | None = None,
    padding: int = 2,
    path: str | os.PathLike | None = None,
) -> Image.Image:
    """Arrange images in a grid, left to right and top to bottom.

    Args:
        images: float array or tensor `(num_images, height, width, channels)` in
            [-1, 1], or uint8. 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGB
            and alpha.
        num_columns: int; by default as many as make the grid square.
        padding: int, pixels between neighbours, white or transparent.
        path: file to save to, or None; its suffix gives the format.

    Returns:
        A `PIL.Image.Image`.

    Raises:
        ValueError: if the shape is another, or values are NaN or outside [-1, 1].

    Example:

    ```python
    images = gan.generate(64, seed=0)
    keras_gan.plotting.image_grid(images, num_columns=8, path="samples.png")
    ```
    """
    images = _array(images)
    _check_shape(images)
    num_images, height, width, channels = images.shape
    if num_columns is None:
        num_columns = math.ceil(math.sqrt(num_images))
    num_columns = arguments.integer("num_columns", num_columns)
    padding = arguments.integer("padding", padding, at_least=0)
    num_rows = math.ceil(num_images / num_columns)
    # Every cell has the padding on its right and below; the last is cut off.
    cells = np.empty(
        (num_rows * num_columns, height + padding, width + padding, channels), "uint8"
    )
    cells[:] = _GAPS[channels]
    cells[:num_images, :height, :width] = pixels.to_uint8(images)
    sheet = cells.reshape(num_rows, num_columns, *cells.shape[1:])
    sheet = sheet.swapaxes(1, 2)  # (rows, height, columns, width, channels)
    sheet = sheet.reshape(num_rows * cells.shape[1], -1, channels)
    sheet = sheet[: len(sheet) - padding, : sheet.shape[1] - padding]
    grid = Image.fromarray(sheet[..., 0] if channels == 1 else sheet)
    if path is not None:
        with atomic_write(path) as draft:
            grid.save(draft)
    return grid


def _check_shape(images):
    if images.ndim != 4 or images.shape[-1] not in _GAPS or 0 in images.shape:
        hint = ""
        if images.ndim == 3 and images.shape[-1] in _GAPS:
            hint = " A single image needs a first axis: `images[None]`."
        elif images.ndim == 3:
            hint = " Grey images need a last axis: `images[..., None]`."
        elif images.ndim == 2:
            hint = " 2-D points are drawn by `plotting.scatter_2d`."
        elif images.ndim == 4 and images.shape[1] in _GAPS:
            hint = " Channels come last: `np.moveaxis(images, 1, -1)`."
        elif images.ndim == 5 and images.shape[-1] in _GAPS:
            hint = " Join several groups of images: `np.concatenate(images)`."
        raise ValueError(
            "Expected images of shape (num_images, height, width, channels), with 1 "
            f"to 4 channels. Received the shape {images.shape}.{hint}"
        )


def _array(images):
    images = ops.convert_to_numpy(images)
    # NumPy does not count bfloat16 among the floats.
    return images.astype("float32") if "float" in str(images.dtype) else images
