"""IDX files, the format of MNIST and Fashion-MNIST."""

import gzip
import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.batches import Batches
from keras_gan.files import check_unpacked
from keras_gan.paths import expand
from keras_gan.validation import arguments

PREFIXES = {"train": "train", "test": "t10k"}
SPLITS = ("train", "validation", "test")
NUM_VALIDATION = 10_000  # the last of the training images


def read_idx(path: PathLike) -> np.ndarray:
    """Read one IDX file of unsigned bytes, plain or gzipped.

    The format is described by LeCun, Cortes and Burges on the page of MNIST (1998):
    two zero bytes, the type, the number of dimensions, each dimension as a
    big-endian 32-bit integer, then the values.

    Args:
        path: The file.

    Returns:
        `uint8` array of the shape that the file declares.

    Raises:
        ValueError: If the file is not an IDX file of bytes, has a wrong length, or
            is packed so well that it cannot be pictures.

    Example:

    ```python
    import pathlib
    from keras_gan import datasets

    header = bytes([0, 0, 8, 1, 0, 0, 0, 3])  # bytes, one dimension, of length 3
    pathlib.Path("labels-idx1-ubyte").write_bytes(header + bytes([7, 2, 1]))
    print(datasets.read_idx("labels-idx1-ubyte"))  # [7 2 1]
    ```
    """
    path = expand(path)
    with open(path, "rb") as file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(0)
            shape = _shape(file, path)
            return _values(file.read(), shape, path)
    try:
        with gzip.open(path) as file:
            shape = _shape(file, path)
            check_unpacked(path, math.prod(shape), path.stat().st_size)
            return _values(file.read(math.prod(shape) + 1), shape, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(
            f"{path} is a broken gzip file ({error}). Fetch it again."
        ) from error


def _values(data, shape, path):
    expected = math.prod(shape)
    if len(data) != expected:
        held = "more" if len(data) > expected else len(data)
        raise ValueError(
            f"{path} declares shape {shape}, which takes {expected} bytes, but holds "
            f"{held}: it is truncated or damaged. Fetch it again."
        )
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def _shape(file, path):
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0":
        raise ValueError(
            f"{path} is not an IDX file: it starts with {start.hex(' ')!r}, an IDX "
            "file of bytes with '00 00 08' and the number of dimensions."
        )
    kind, num_dims = start[2], start[3]
    if kind != 0x08:
        raise ValueError(
            f"{path} holds IDX type 0x{kind:02x}; only unsigned bytes (0x08) are read."
        )
    sizes = file.read(4 * num_dims)
    if num_dims == 0 or len(sizes) < 4 * num_dims:
        raise ValueError(f"{path} ends within its header of {num_dims} dimensions.")
    return tuple(np.frombuffer(sizes, dtype=">u4").astype(int).tolist())


def find_idx(folder: PathLike, split: str = "train") -> tuple[Path, Path] | None:
    """Return the paths of the images and labels of a split, or `None`.

    Args:
        folder: Folder with files such as `train-images-idx3-ubyte.gz`.
        split: `"train"` or `"test"`.
    """
    check_split(split)
    paths = []
    for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        name = f"{PREFIXES[split]}-{kind}"
        found = [expand(folder) / (name + end) for end in ("", ".gz")]
        paths += [path for path in found if path.is_file()][:1]
    return tuple(paths) if len(paths) == 2 else None


def read_idx_split(
    folder: PathLike, split: str = "train"
) -> tuple[np.ndarray, np.ndarray]:
    """Read the images and labels of a split.

    Returns:
        `uint8` images (n, height, width) and labels (n,).

    Raises:
        FileNotFoundError: If the folder lacks one of the two files.
        ValueError: If a file is damaged, or if the two do not match.
    """
    paths = find_idx(folder, split)
    if paths is None:
        raise FileNotFoundError(
            f"{folder} lacks {PREFIXES[split]}-images-idx3-ubyte or "
            f"{PREFIXES[split]}-labels-idx1-ubyte (plain or .gz)."
        )
    images, labels = map(read_idx, paths)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{paths[0]} has shape {images.shape} and {paths[1]} {labels.shape}: "
            "expected (n, height, width) and (n,)."
        )
    return images, labels


def idx_folder(
    path: PathLike, split: str = "train", labels: bool = False, **options: Any
) -> Batches:
    """Images from a folder of IDX files with the names of MNIST.

    Args:
        path: Folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and, for
            `split="test"`, the `t10k-` pair, each plain or `.gz`.
        split: `"train"`, or `"test"`: in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`.
        **options: Further arguments of `Batches`.

    Returns:
        `Batches` of images (batch, height, width, 1).

    Example:

    ```python
    import gzip, pathlib, struct
    from keras_gan import datasets

    folder = pathlib.Path("idx"); folder.mkdir(exist_ok=True)
    images = struct.pack(">4B3I", 0, 0, 8, 3, 2, 4, 4) + bytes(32)
    labels = struct.pack(">4BI2B", 0, 0, 8, 1, 2, 3, 7)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    (folder / "train-labels-idx1-ubyte").write_bytes(labels)
    print(datasets.idx_folder("idx", batch_size=2)[0].shape)
    ```
    """
    return split_batches(read_idx_split(path, split), split, labels, **options)


def split_batches(
    arrays: tuple[np.ndarray, ...],
    split: str,
    labels: bool,
    class_names: Sequence[str] | None = None,
    **options: Any,
) -> Batches:
    """Make `Batches` from (images, labels), with the defaults of the split."""
    images, classes = arrays
    training = check_split(split, SPLITS) == "train"
    if labels:
        options |= {"labels": classes, "class_names": class_names}
    return Batches(
        images, **{"shuffle": training, "drop_remainder": training} | options
    )


def check_split(split: str, names: Sequence[str] = tuple(PREFIXES)) -> str:
    """Return the split, or raise `ValueError` if its name is unknown."""
    if split not in names:
        known = " or ".join(f'"{name}"' for name in names)
        raise ValueError(f"`split` must be {known}. Received: {split!r}")
    return split


def file_split(split: str) -> str:
    """Return the split whose files hold a split: `"train"` for validation."""
    return "train" if check_split(split, SPLITS) == "validation" else split


def take_split(
    arrays: tuple[np.ndarray, ...], split: str, num_images: int | None = None
) -> tuple[np.ndarray, ...]:
    """Cut (images, labels) of a file to those of a split.

    Args:
        arrays: The images and labels of `file_split(split)`.
        split: `"validation"` for the last 10,000, else all.
        num_images: For `"train"`: only the first so many.

    Raises:
        ValueError: If there are not more training images than validation takes, or
            fewer than `num_images`.
    """
    if split == "train" and num_images is not None:
        num_images = arguments.integer("num_images", num_images)
        if num_images > (found := len(arrays[0])):
            raise ValueError(
                f"The data set has {found:,} training images. Received: num_images="
                f"{num_images}. Pass at most {found}, or None for all."
            )
        return tuple(array[:num_images] for array in arrays)
    if split != "validation":
        return arrays
    found = len(arrays[0])
    if found <= NUM_VALIDATION:
        raise ValueError(
            f'split="validation" is the last {NUM_VALIDATION:,} training images, and '
            "training on the others needs more of them. Received: a data set of "
            f"{found:,} training images."
        )
    return tuple(array[-NUM_VALIDATION:] for array in arrays)
