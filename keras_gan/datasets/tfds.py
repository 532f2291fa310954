"""Data sets of the TensorFlow Datasets catalogue."""

import itertools
from typing import Any

import numpy as np

from keras_gan._typing import Size
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.sources import ImageList
from keras_gan.datasets.transforms import check_geometry, map_threads, resize_array


def tfds(
    name: str,
    split: str = "train",
    labels: bool = False,
    size: Size = None,
    crop: str | None = None,
    **options: Any,
) -> Batches:
    """Images of a data set prepared by tensorflow-datasets.

    All images of the split are held in memory as `uint8`.

    Args:
        name: Name in the catalogue, such as `"oxford_flowers102"` or
            `"cmaterdb:1.0.0"`.
        split: Any split of tensorflow-datasets, such as `"train[:10%]"`. All but
            `"train..."` are in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`.
        size: Pair (height, width) to resize to. Needed if the images differ in size.
        crop: `None`, `"center"` or `"random"`, as for `image_folder`.
        **options: `data_dir`, and further arguments of `Batches`.

    Returns:
        `Batches` of images (batch, height, width, channels).

    Raises:
        ImportError: If tensorflow-datasets is not installed.
        ValueError: If the data set has no feature `image` (or no `label`).

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.tfds("oxford_flowers102", size=(64, 64), crop="center")  # downloads
    ```
    """
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise ImportError(
            f"Loading {name!r} needs tensorflow-datasets: "
            "`pip install keras_gan[datasets]`."
        ) from error
    size = check_geometry(size, crop)
    dataset, info = tensorflow_datasets.load(
        name,
        split=split,
        data_dir=options.pop("data_dir", None),
        with_info=True,
    )
    for feature in ["image", "label"] if labels else ["image"]:
        if feature not in info.features:
            raise ValueError(
                f"The data set {name!r} has no feature {feature!r}. "
                f"It has {sorted(info.features)}."
            )

    def read(example):
        image, label = example["image"], example["label"] if labels else None
        return image if size is None else resize_array(image, size, crop), label

    examples = iter(tensorflow_datasets.as_numpy(dataset))
    resized = []
    while chunk := list(itertools.islice(examples, 1024)):
        resized += map_threads(read, chunk)
    images, classes = [list(each) for each in zip(*resized, strict=True)] or ([], [])
    if not images:
        raise ValueError(f"The split {split!r} of {name!r} is empty.")
    if labels:
        names = getattr(info.features["label"], "names", None)
        options |= {"labels": np.array(classes), "class_names": names}
    if crop == "random":
        options |= {"size": size, "crop": crop}
    elif len({image.shape for image in images}) > 1:
        raise ValueError(
            f"The images of {name!r} differ in size. Pass size=(height, width)."
        )
    training = split.startswith("train")
    defaults = {"shuffle": training, "drop_remainder": training}
    return Batches(
        ImageList(images) if crop == "random" else np.stack(images),
        **defaults | options,
    )
