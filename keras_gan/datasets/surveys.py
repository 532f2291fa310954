"""What kind of pictures there are: their number, sizes, colours and transparency."""

import statistics
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.cache import map_readable
from keras_gan.datasets.finding import find_pictures
from keras_gan.datasets.folder import check_readable, skips
from keras_gan.datasets.pictures import (
    ALPHA_MODES,
    GREY_MODES,
    naming_errors,
    open_picture,
    upright_size,
)

# So many headers are read, evenly spaced; more would say the same.
MOST_READ = 1_000


@dataclass(frozen=True)
class Survey:
    """What is known of pictures before they are decoded.

    Args:
        num_pictures: int.
        height: int, the median of the pictures looked at.
        width: int, likewise.
        equal: bool, whether all of these have one size.
        channels: int, 1 if all are grey, else 3.
        num_transparent: int, how many of those looked at have transparency.
        num_seen: int, how many were looked at.
        num_folders: int, how many subfolders the folder has, which may be classes.

    Example:

    ```python
    from keras_gan import datasets

    print(datasets.Survey(500, 64, 48, equal=True, channels=3))
    ```
    """

    num_pictures: int
    height: int
    width: int
    equal: bool
    channels: int
    num_transparent: int = 0
    num_seen: int = 0
    num_folders: int = 0

    def __str__(self) -> str:
        kind = "grey" if self.channels == 1 else "colour"
        size = f"{self.height} x {self.width}"
        size = f"of {size}" if self.equal else f"of many sizes, {size} in the middle"
        ground = ""
        if self.num_transparent:
            share = self.num_transparent / self.num_seen
            ground = f", {share:.0%} with transparency, which becomes white"
        return f"{self.num_pictures:,} {kind} pictures {size}{ground}"


def survey(data: Any, on_error: str = "raise") -> Survey:
    """Look at pictures: how many, how large, grey or in colour.

    Args:
        data: a folder of pictures, of which headers are read and nothing is decoded; a
            data set that was loaded, such as `image_folder(...)`; or an array `(number,
            height, width, channels)`.
        on_error: `"raise"` for an error on a file that is no picture; `"skip"` to
            leave it out.

    Returns:
        A `Survey`.

    Raises:
        ValueError: If there are no pictures, or what was passed is none of these.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    found = datasets.survey(np.zeros((50, 32, 48, 3), "uint8"))
    print(found)
    ```
    """
    if isinstance(data, Batches):
        return _of_shape(data.num_samples, data.image_shape)
    if isinstance(data, np.ndarray):
        if data.ndim != 4 or data.shape[-1] not in (1, 3) or not len(data):
            raise ValueError(
                "An array of images has the shape (number, height, width, channels), "
                f"with 1 or 3 channels. Received: shape {data.shape}"
            )
        return _of_shape(len(data), data.shape[1:])
    skip = skips(on_error)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # who reads the pictures warns of the others
        found = find_pictures(data, skip)
    step = -(-len(found.paths) // MOST_READ)
    seen = found.paths[::step]
    kept, headers = map_readable(_header, seen, skip)
    check_readable([seen[i] for i in kept], seen)
    sizes = [size for _, _, size in headers]
    return Survey(
        num_pictures=len(found.paths),
        height=int(statistics.median(height for height, _ in sizes)),
        width=int(statistics.median(width for _, width in sizes)),
        equal=len(set(sizes)) == 1,
        channels=1 if all(grey for grey, _, _ in headers) else 3,
        num_transparent=sum(transparent for _, transparent, _ in headers),
        num_seen=len(headers),
        num_folders=len(found.subfolders),
    )


def _of_shape(number, shape):
    height, width, channels = shape
    return Survey(number, height, width, True, channels, 0, number)


def _header(path: PathLike):
    """Return whether a picture is grey, whether it has transparency, and its size."""
    with naming_errors(path), open_picture(path) as picture:
        transparent = picture.mode in ALPHA_MODES or "transparency" in picture.info
        return picture.mode in GREY_MODES, transparent, upright_size(picture)
