"""Sources of images by index: picture files, a list, one large file."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.transforms import map_threads


class PictureFiles:
    """Picture files that are read each time they are requested.

    Args:
        paths: The files.
        read: Callable from a path to an array, such as a `Reader`.
    """

    def __init__(
        self, paths: Sequence[PathLike], read: Callable[[PathLike], np.ndarray]
    ) -> None:
        self.paths = list(paths)
        self.read = read

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, indices):
        images = map_threads(self.read, [self.paths[index] for index in indices])
        same = len({image.shape for image in images}) == 1
        return np.stack(images) if same else images


class ImageList:
    """Images of different sizes, held in memory."""

    def __init__(self, images: list[np.ndarray]) -> None:
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, indices):
        return [self.images[index] for index in indices]


class ImageFile:
    """Images in a file of bytes, read batch by batch.

    The file is not memory-mapped: the pages of a mapped file would count as memory of
    this process, and the disk would read them one by one.

    Args:
        path: The file.
        shape: The shape of all images, (n, height, width, channels).
    """

    def __init__(self, path: PathLike, shape: tuple[int, ...]) -> None:
        self.path = path
        self.shape = tuple(shape)

    @property
    def num_bytes(self) -> int:
        """Size of the whole file."""
        return math.prod(self.shape)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, indices):
        images = np.empty((len(indices), *self.shape[1:]), dtype=np.uint8)
        with open(self.path, "rb", buffering=0) as file:
            for image, index in zip(images, indices, strict=True):
                file.seek(int(index) * image.nbytes)
                if file.readinto(image) != image.nbytes:
                    raise OSError(
                        f"{self.path} has become shorter than its {self.num_bytes} "
                        "bytes. Delete it: the next run creates it again."
                    )
        return images


def is_source(images: Any) -> bool:
    """Return whether `images` is a source that is read by indices, not an array."""
    has_methods = hasattr(images, "__len__") and hasattr(images, "__getitem__")
    others = (list, tuple, str, dict, keras.utils.PyDataset)
    return (
        has_methods
        and not isinstance(images, others)
        and not hasattr(images, "__array__")
    )


def check_source(source: Any) -> None:
    """Raise `ValueError` unless reading by indices gives `uint8` images."""
    if len(source) == 0:
        raise ValueError("The source of images is empty.")
    image = np.asarray(source[np.array([0])][0])
    if image.dtype != np.uint8 or image.ndim != 3:
        raise ValueError(
            "A source must return uint8 images (height, width, channels) for an array "
            f"of indices. Received: {image.dtype} of shape {image.shape}"
        )
