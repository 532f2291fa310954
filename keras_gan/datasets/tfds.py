"""Data sets of the TensorFlow Datasets catalogue."""

import difflib
import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan._typing import PathLike, Size
from keras_gan.datasets import cache as caches
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.sources import ImageFile, ImageList
from keras_gan.datasets.transforms import check_geometry, map_threads, resize_array
from keras_gan.files import atomic_write, write_text

CHUNK = 64  # the number of examples that are decoded at once


def tfds(
    name: str,
    split: str = "train",
    labels: bool = False,
    size: Size = None,
    crop: str | None = None,
    cache: PathLike = "memory",
    **options: Any,
) -> Batches:
    """Images of a data set prepared by tensorflow-datasets.

    Args:
        name: Name in the catalogue, such as `"oxford_flowers102"` or
            `"cmaterdb:1.0.0"`, or of a data set of your own that has been prepared in
            `data_dir`.
        split: Any split of tensorflow-datasets, such as `"train[:10%]"`. All but
            `"train..."` are in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`.
        size: Pair (height, width) to resize to. Needed if the images differ in size.
        crop: `None`, `"center"` or `"random"`, as for `image_folder`.
        cache: `"memory"` keeps all images of the split as `uint8`, in at most half of
            the machine's memory. The path of a folder keeps them in a file there,
            which the next run uses again.
        **options: `data_dir`, and further arguments of `Batches`. With `class_names`
            the classes are numbered in that order.

    Returns:
        `Batches` of images (batch, height, width, channels).

    Raises:
        ImportError: If tensorflow-datasets is not installed.
        ValueError: If there is no data set of this name, if it has no feature `image`
            (or no `label`), if images differ in size, or do not fit into memory.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.tfds("oxford_flowers102", size=(64, 64), crop="center")  # downloads
    ```
    """
    library = import_library(name)
    size = check_geometry(size, crop)
    builder = find_builder(library, name, options.pop("data_dir", None))
    for feature in ["image", "label"] if labels else ["image"]:
        if feature not in builder.info.features:
            raise ValueError(
                f"The data set {name!r} has no feature {feature!r}. "
                f"It has {sorted(builder.info.features)}."
            )
    builder.download_and_prepare()
    examples = Examples(library, builder, split, size, crop)
    if cache == "memory":
        images, classes = in_memory(examples)
    else:
        images, classes = in_file(examples, Path(cache).expanduser())
        options = {"prefetch": 2} | options
    if labels:
        names = getattr(builder.info.features["label"], "names", None)
        options["labels"] = renumbered(classes, names, options.get("class_names"))
        options = {"class_names": names} | options
    if crop == "random":
        options |= {"size": size, "crop": crop}
    training = split.startswith("train")
    defaults = {"shuffle": training, "drop_remainder": training}
    return Batches(images, **defaults | options)


def import_library(name: str) -> Any:
    """Return the module `tensorflow_datasets`."""
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise ImportError(
            f"Loading {name!r} needs tensorflow-datasets: "
            "`pip install keras_gan[datasets]`."
        ) from error
    return tensorflow_datasets


def find_builder(library: Any, name: str, data_dir: PathLike | None) -> Any:
    """Return the builder of a data set, or raise `ValueError` with near names."""
    try:
        return library.builder(name, data_dir=data_dir)
    except library.core.registered.DatasetNotFoundError as error:
        known = set(library.list_builders(with_community_datasets=False))
        near = difflib.get_close_matches(name.split(":")[0], known, n=3, cutoff=0.5)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(
            f"tensorflow-datasets knows no data set {name!r}.{hint} One of your own is "
            "found in the folder that holds it: data_dir=FOLDER."
        ) from error


class Examples:
    """The examples of a split, resized, in their order.

    Args:
        library: The module `tensorflow_datasets`.
        builder: The builder of the data set, which is prepared.
        split: The split.
        size: Pair (height, width), or `None`.
        crop: `None`, `"center"` or `"random"`, see `resize_picture`.
    """

    def __init__(
        self, library: Any, builder: Any, split: str, size: Size, crop: str | None
    ) -> None:
        self.library, self.builder, self.split = library, builder, split
        self.size, self.crop = size, crop
        self.name = builder.info.full_name
        features = builder.info.features
        self.has_labels = "label" in features and features["label"].shape == ()
        try:
            self.number = builder.info.splits[split].num_examples
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"The data set {self.name!r} has no split {split!r}. It has "
                f"{sorted(builder.info.splits)}, and parts such as 'train[:10%]'."
            ) from error
        if self.number == 0:
            raise ValueError(f"The split {split!r} of {self.name!r} is empty.")

    def chunks(self) -> Iterator[tuple[list[np.ndarray], list[int]]]:
        """Yield some images at a time, and their labels where there are any."""
        dataset = self.builder.as_dataset(split=self.split, shuffle_files=False)
        examples = iter(self.library.as_numpy(dataset))
        shape = None
        while chunk := list(itertools.islice(examples, CHUNK)):
            images = map_threads(self._image, chunk)
            shape = shape or images[0].shape
            if self.crop != "random" and {image.shape for image in images} != {shape}:
                raise ValueError(
                    f"The images of {self.name!r} differ in size. Pass "
                    "size=(height, width)."
                )
            labels = [each["label"] for each in chunk] if self.has_labels else []
            yield images, [int(label) for label in labels]

    def _image(self, example):
        image = to_bytes(example["image"])
        if self.size is None:
            return image
        return resize_array(image, self.size, self.crop)

    def __repr__(self) -> str:
        what = (str(self.builder.data_path), self.split, self.size, self.crop)
        return repr((*what, self.number, self.builder.info.dataset_size))


def to_bytes(image: np.ndarray) -> np.ndarray:
    """Return an image as `uint8`; 16 bits are scaled."""
    if image.dtype == np.uint16:
        image = ((image.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    if image.dtype != np.uint8 or image.ndim != 3:
        raise ValueError(
            "The feature 'image' must be uint8 or uint16 (height, width, channels). "
            f"Received: {image.dtype} of shape {image.shape}"
        )
    return image


def in_memory(examples: Examples) -> tuple[np.ndarray | ImageList, list[int]]:
    """Return all images and labels, if they fit into memory."""
    images, classes = [], []
    for chunk, labels in examples.chunks():
        if not images:
            check_memory(chunk, examples.number)
        images += chunk
        classes += labels
    return ImageList(images) if examples.crop == "random" else np.stack(images), classes


def check_memory(chunk: Sequence[np.ndarray], number: int) -> None:
    """Raise `ValueError` if a number of images like these do not fit into memory."""
    num_bytes = sum(image.nbytes for image in chunk) * number // len(chunk)
    if num_bytes > caches.memory_limit():
        raise ValueError(
            f"Decoded, the {number} images take {num_bytes / 2**30:.1f} GiB, more than "
            "half of this machine's memory. Pass cache=FOLDER to keep them in a file "
            "there, or a part of the split: 'train[:10%]'."
        )


def in_file(examples: Examples, folder: Path) -> tuple[ImageFile, list[int]]:
    """Return all images in a file, and their labels; an earlier run's is used again."""
    if examples.crop == "random":
        raise ValueError(
            "Images that are kept in a file have one shape, and those for "
            'crop="random" have many. Pass crop="center", or cache="memory".'
        )
    name = folder / hashlib.sha256(repr(examples).encode()).hexdigest()[:24]
    images_file, index_file = name.with_suffix(".bytes"), name.with_suffix(".json")
    index = read_index(images_file, index_file, examples.number)
    if index is None:
        folder.mkdir(parents=True, exist_ok=True)
        index = write(images_file, examples)
        write_text(index_file, json.dumps(index))
    return ImageFile(images_file, index["shape"]), index["labels"]


def read_index(images_file: Path, index_file: Path, number: int) -> dict | None:
    """Return what a finished file holds, or `None` if there is no whole one."""
    try:
        index = json.loads(index_file.read_text())
        whole = images_file.stat().st_size == math.prod(index["shape"])
        fits = index["shape"][0] == number and len(index["labels"]) in (0, number)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return index if whole and fits else None


def write(images_file: Path, examples: Examples) -> dict:
    """Write the images to a file, some at a time; return its shape and the labels."""
    classes, shape = [], None
    with atomic_write(images_file) as draft, open(draft, "wb") as file:
        for images, labels in examples.chunks():
            if shape is None:
                shape = images[0].shape
                num_bytes = examples.number * math.prod(shape)
                caches.check_space(images_file.parent, num_bytes)
            file.writelines(map(np.ascontiguousarray, images))
            classes += labels
    return {"shape": [examples.number, *shape], "labels": classes}


def renumbered(
    classes: Sequence[int], names: Sequence[str] | None, wanted: Sequence[str] | None
) -> np.ndarray:
    """Return labels that count the classes in the order that the user wants."""
    classes = np.asarray(classes)
    if names is None or wanted is None:
        return classes
    unknown = sorted({names[label] for label in set(classes.tolist())} - set(wanted))
    if unknown:
        raise ValueError(
            f"The data set has classes that are not among the `class_names`: {unknown}."
        )
    position = {name: label for label, name in enumerate(wanted)}
    return np.array([position.get(name, -1) for name in names])[classes]
