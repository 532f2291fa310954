"""Sources of real images: arrays, folders, datasets and iterables."""

import hashlib
import os
import warnings
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.finding import Finder
from keras_gan.datasets.folder import PictureBatches
from keras_gan.datasets.inputs import as_rows, is_array, is_endless, unpack_batch
from keras_gan.pixels import as_array

LOSSY = (".jpg", ".jpeg", ".webp")


class Source:
    """Batches of `(images, labels)`, with a fingerprint of all of them.

    After a pass, `fingerprint` is a digest of all images and labels, independent of
    their order, and `image_shape` is the shape of an image.

    Args:
        data: an array of images; a pair `(images, labels)` of arrays; the path of a
            folder of pictures; a `tf.data.Dataset`, a `keras.utils.PyDataset` or
            any iterable of batches, each images or `(images, labels)`.
        batch_size: int, for data that is not in batches.
    """

    def __init__(self, data: Any, batch_size: int) -> None:
        # What a pass of training leaves out is measured too.
        self.data = data.with_remainder() if hasattr(data, "with_remainder") else data
        self.batch_size = batch_size
        self.image_shape = None
        self.lowest = np.inf
        self.fingerprint = None
        self._check_finite_length()

    @property
    def repeatable(self) -> bool:
        """Whether the data can be iterated more than once."""
        return not hasattr(self.data, "__next__")

    def __iter__(self):
        num_images, total = 0, 0
        for batch in self._batches():
            images, labels = _split(batch)
            if len(images) == 0:
                continue
            self.image_shape = images.shape[1:]
            if images.dtype.kind == "f":
                self.lowest = min(self.lowest, float(images.min()))
            else:
                self.lowest = -np.inf
            num_images += len(images)
            total += _digest(images, labels)
            yield images, labels
        if num_images == 0:
            raise ValueError(f"There are no images in {_described(self.data)}.")
        text = f"{num_images}|{total % 2**256:064x}"
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()

    def labels(self) -> np.ndarray | None:
        """Iterate over all data, and return the labels of all images, or None."""
        return join_labels([labels for _, labels in self])

    def check_range(self) -> None:
        """Raise `ValueError` if the images of a pass seem to lie in [0, 1]."""
        if 0 <= self.lowest < np.inf:
            raise ValueError(
                "No value of the real images is below 0, so they seem to lie in "
                "[0, 1]. Float images must lie in [-1, 1]: pass "
                "`2 * images - 1`, or bytes as uint8."
            )

    def _check_finite_length(self):
        if is_endless(self.data):
            raise ValueError(
                "The real data never ends. Pass one epoch of it, without `repeat()`, "
                "or a part: `data.take(num_batches)`."
            )

    def _batches(self):
        data = self.data
        if isinstance(data, (str, os.PathLike)):
            return PictureBatches(data, self.batch_size)
        if isinstance(data, tuple) and len(data) == 2:
            images, labels = (as_array(as_rows(each, "images")) for each in data)
            if len(images) != len(labels):
                raise ValueError(
                    f"Received {len(images)} images but {len(labels)} labels."
                )
            return _slices(self.batch_size, images, labels)
        if hasattr(data, "to_numpy"):
            data = data.to_numpy()
        if is_array(data):
            return _slices(self.batch_size, as_array(data))
        is_dict = isinstance(data, dict)
        if hasattr(data, "__getitem__") and hasattr(data, "__len__") and not is_dict:
            return (data[index] for index in range(len(data)))
        if hasattr(data, "__iter__") and not is_dict:
            return iter(data)
        raise ValueError(
            "Real images must be an array, `(images, labels)`, the path of a folder, "
            f"or an iterable of batches. Received: {_described(data)}"
        )


def _digest(images, labels):
    """Return the sum of the images' digests, which is independent of their order."""
    header = f"{images.dtype}{images.shape[1:]}".encode()
    total = 0
    for index, image in enumerate(images):
        digest = hashlib.sha256(header)
        digest.update(np.ascontiguousarray(image))
        if labels is not None:
            digest.update(str(int(labels[index])).encode())
        total += int.from_bytes(digest.digest(), "big")
    return total


def join_labels(batches: list[np.ndarray | None]) -> np.ndarray | None:
    """Return the labels of all batches in one array, or None if a batch has none."""
    if not batches or any(labels is None for labels in batches):
        return None
    return np.concatenate(batches)


def _described(data):
    return repr(data) if isinstance(data, (str, os.PathLike)) else f"{type(data)}"


def _split(batch):
    images, labels = (*map(as_array, unpack_batch(batch)), None)[:2]
    return images, None if labels is None else labels.reshape(-1)


def _slices(batch_size, *arrays):
    for start in range(0, len(arrays[0]), batch_size):
        part = tuple(array[start : start + batch_size] for array in arrays)
        yield part if len(part) > 1 else part[0]


def warn_of_unequal_compression(folder_a: PathLike, folder_b: PathLike) -> None:
    """Warn if only one folder holds lossy pictures, whose artefacts add a distance."""
    lossy = [
        any(path.lower().endswith(LOSSY) for path in Finder(folder, skip=True).paths)
        for folder in (folder_a, folder_b)
    ]
    if lossy[0] != lossy[1]:
        warnings.warn(
            "One folder holds lossy pictures (JPEG or WebP), the other none. Their "
            "artefacts alone give a distance.",
            stacklevel=3,
        )
