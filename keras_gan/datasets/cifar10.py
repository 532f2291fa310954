"""CIFAR-10: 60,000 small colour photographs, 32 x 32 pixels."""

from typing import Any

import numpy as np

from keras_gan.datasets.batches import Batches
from keras_gan.datasets.downloads import keras_arrays
from keras_gan.datasets.idx import check_split, split_batches

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)


def cifar10(split: str = "train", labels: bool = False, **options: Any) -> Batches:
    """CIFAR-10: 50,000 training and 10,000 test photographs of ten kinds of things.

    Read from Keras' cache, or downloaded by `keras.datasets.cifar10`.

    Krizhevsky, 2009, "Learning multiple layers of features from tiny images".

    Args:
        split: `"train"`, or `"test"`: in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`, labels 0 to 9.
        **options: Further arguments of `Batches`: `batch_size`, `seed`, `augment` ...

    Returns:
        `Batches` of images (batch, 32, 32, 3).

    Raises:
        FileNotFoundError: If it is not cached and cannot be downloaded.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.cifar10(augment=datasets.horizontal_flip)  # downloads 170 MB
    ```
    """
    images, classes = keras_arrays("cifar10", check_split(split))
    if images.shape[1] == 3:  # Keras is set to "channels_first".
        images = np.moveaxis(images, 1, -1)
    return split_batches(
        (images, classes), split, labels, class_names=CLASS_NAMES, **options
    )
