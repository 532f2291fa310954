"""Fashion-MNIST: 70,000 grey pictures of clothes, 28 x 28 pixels."""

import warnings
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

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

SYSTEM_DIR = Path("/usr/share/datasets/fashion-mnist")
SAMPLE = "fashion_mnist_sample.npz"
CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
HOW_TO_GET = (
    "To get all 70,000 images: `apt install dataset-fashion-mnist`, or put the IDX "
    "files (train-images-idx3-ubyte.gz and the other three) into a folder and pass "
    "data_dir=FOLDER, or run once with a network."
)


def fashion_mnist(
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    num_images: int | None = None,
    **options: Any,
) -> Batches:
    """Fashion-MNIST: 60,000 training and 10,000 test images of clothes.

    The first of these sources that exists is read: `data_dir`; the files of Debian's
    package `dataset-fashion-mnist`; Keras' cache, or a download. If there is none, a
    warning is given, and the training split is a balanced sample of 10,000 training
    images that comes with this package.

    Xiao, Rasul and Vollgraf, 2017, arXiv:1708.07747.

    Args:
        split: `"train"`; `"validation"`, the last 10,000 training images, to choose
            settings by; or `"test"`. The last two are in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`, labels 0 to 9.
        data_dir: Folder with the four IDX files.
        num_images: int, how many of the 60,000 training images `"train"` has, the
            first so many: 50,000 leaves out those of `"validation"`. None for all.
        **options: Further arguments of `Batches`: `batch_size`, `seed`, `size` ...

    Returns:
        `Batches` of images (batch, 28, 28, 1).

    Raises:
        FileNotFoundError: If `data_dir` lacks the files; for the other splits also
            if there is only the sample, which is all for training.
        ValueError: If `"validation"` would leave nothing to train on, or if there
            are fewer than `num_images`.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.fashion_mnist(batch_size=64, labels=True)
    images, labels = data[0]
    print(images.shape, data.class_names[labels[0]])
    ```
    """
    arrays = take_split(load_arrays(split, data_dir), split, num_images)
    return split_batches(arrays, split, labels, class_names=CLASS_NAMES, **options)


def load_arrays(
    split: str, data_dir: PathLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return `uint8` images (n, 28, 28) and labels (n,) from the first source found."""
    files = file_split(split)
    if data_dir is not None:
        return read_idx_split(data_dir, files)
    if find_idx(SYSTEM_DIR, files):
        return read_idx_split(SYSTEM_DIR, files)
    try:
        return keras_arrays("fashion_mnist", files)
    except FileNotFoundError as error:
        if split != "train":
            raise FileNotFoundError(
                f"The {split} images of Fashion-MNIST are not on this machine, and the "
                "sample that comes with keras_gan holds training images only, which "
                f"must not stand in for them. {HOW_TO_GET} ({error})"
            ) from error
        warnings.warn(
            "Fashion-MNIST is not on this machine: training on the sample that comes "
            "with keras_gan, 10,000 of the 60,000 training images. "
            f"{HOW_TO_GET} ({error})",
            stacklevel=3,
        )
    return read_sample()


def read_sample() -> tuple[np.ndarray, np.ndarray]:
    """Return the sample: `uint8` images (10000, 28, 28) and labels, 1,000 a class."""
    path = resources.files("keras_gan.datasets") / SAMPLE
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return arrays["images"], arrays["labels"]
