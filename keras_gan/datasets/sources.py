"""Sources of images by index: picture files, a list, one large file."""

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.pictures import UnreadablePicture, shown
from keras_gan.datasets.transforms import map_threads


class PictureFiles:
    """Picture files that are read each time they are requested.

    Args:
        paths: The files.
        read: Callable from a path to an array, such as a `Reader`.
        shapes: The shape of each of these arrays.
        skip: Whether other pictures stand in for those that can no longer be read.
    """

    def __init__(
        self,
        paths: Sequence[PathLike],
        read: Callable[[PathLike], np.ndarray],
        shapes: Sequence[tuple[int, ...]],
        skip: bool = False,
    ) -> None:
        self.paths, self.shapes = list(paths), list(shapes)
        self.read, self.skip = read, skip
        self._lost = set()

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, indices):
        return self.read_present(indices)[0]

    def read_present(self, indices: Sequence[int]) -> tuple[Any, np.ndarray]:
        """Return images, and the indices that they are of.

        With `skip`, the next readable one of `indices` stands in for a picture that
        has vanished, and a warning names it.
        """
        indices = np.asarray(indices)
        images = map_threads(self._read_one, indices.tolist())
        present = [
            position for position, image in enumerate(images) if image is not None
        ]
        if not present:
            raise UnreadablePicture(
                f"None of {len(indices)} pictures of a batch can be read any more, "
                f"such as {shown(self.paths[indices[0]])}. Is the disk still there?"
            )
        places = np.searchsorted(present, np.arange(len(images))) % len(present)
        chosen = np.asarray(present)[places]
        images = [images[position] for position in chosen]
        same = len({image.shape for image in images}) == 1
        return (np.stack(images) if same else images), indices[chosen]

    def _read_one(self, index):
        try:
            return self._read_unchanged(index)
        except UnreadablePicture:
            if not self.skip:
                raise
            if index not in self._lost:
                self._lost.add(index)
                warnings.warn(
                    f"{shown(self.paths[index])} has vanished or changed: others stand "
                    "in for it.",
                    stacklevel=2,
                )
            return None

    def _read_unchanged(self, index):
        image, expected = self.read(self.paths[index]), self.shapes[index]
        if image.shape != tuple(expected):
            raise UnreadablePicture(
                f"{shown(self.paths[index])} has changed since its folder was listed: "
                f"its shape was {tuple(expected)} and is {image.shape}. Put the old "
                'one back, or leave it out: `on_error="skip"`.'
            )
        return image


def read_present(source: Any, indices: Sequence[int]) -> tuple[Any, Sequence[int]]:
    """Return the images of a source at indices, and the indices that they are of.

    They are others where pictures have vanished, see `PictureFiles`.
    """
    if isinstance(source, PictureFiles):
        return source.read_present(indices)
    return source[indices], indices


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
        try:
            with open(self.path, "rb", buffering=0) as file:
                self._read(file, images, indices)
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f"{self.path}, the file of decoded pictures, has vanished. Load the "
                "data again, which writes it anew; a run goes on with --resume."
            ) from error
        return images

    def _read(self, file, images, indices):
        for image, index in zip(images, indices, strict=True):
            file.seek(int(index) * image.nbytes)
            if file.readinto(image) != image.nbytes:
                raise OSError(
                    f"{self.path} has become shorter than its {self.num_bytes} "
                    "bytes. Delete it: the next run creates it again."
                )


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
