"""Images from a folder of picture files."""

import itertools
import os
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from keras_gan._typing import PathLike, Size
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.cache import decode, map_readable
from keras_gan.datasets.finding import Finder, find_pictures
from keras_gan.datasets.pictures import Reader, common_channels, read_header, shown
from keras_gan.datasets.transforms import check_geometry


def image_folder(
    path: PathLike,
    size: Size = None,
    crop: str | None = None,
    channels: int | None = None,
    labels: bool = False,
    cache: PathLike | None = "memory",
    on_error: str = "raise",
    **options: Any,
) -> Batches:
    """Images from a folder of PNG, JPG, WebP, BMP, GIF or TIFF files.

    Subfolders are searched too, and links are followed. Hidden files and folders are
    left out, and so are the folders of training runs. A warning counts pictures of
    other formats.

    Transparent pictures are composed with a white background. Grey of 12 or 16 bits is
    rounded to 8 bits. The orientation in the Exif data is applied. Of an animation the
    first frame is read. Files are decoded in parallel threads.

    Args:
        path: The folder.
        size: Pair (height, width) that every picture is resized to. Needed unless
            all of them have the same size.
        crop: `None` stretches to `size`; `"center"` and `"random"` keep the aspect
            ratio and cut out a window of `size`, a new random one for each pass.
        channels: 1 (grey) or 3 (colour). By default 1 if all pictures are grey.
        labels: Whether to yield `(images, labels)`; each subfolder is a class, in
            alphabetical order, or in the order of `class_names`. A class without
            pictures keeps its number.
        cache: `"memory"` decodes all pictures once and keeps them as `uint8`, in at
            most half of the machine's memory. The path of a folder keeps them in a
            file there, which the next run uses again. `None` decodes each picture
            every time it is needed. With a folder or `None`, memory holds only a few
            batches and the names of the pictures, and a thread prepares the next two
            batches during the training step.
        on_error: `"raise"` raises an error that names the first broken file;
            `"skip"` leaves out broken files and names them in a warning, also those
            that vanish or change in training.
        **options: Further arguments of `Batches`: `batch_size`, `augment` ...

    Returns:
        `Batches` of images (batch, height, width, channels).

    Raises:
        ValueError: If there is no picture, if a picture is broken, if sizes differ
            and `size` is missing, or if the pictures do not fit into memory.
        OSError: If the file cannot be written into the folder `cache`: no space left,
            or no permission.

    Example:

    ```python
    import pathlib
    import numpy as np
    from PIL import Image
    from keras_gan import datasets

    pathlib.Path("pictures").mkdir(exist_ok=True)
    for level in range(0, 256, 8):
        picture = Image.fromarray(np.full((40, 60, 3), level, "uint8"))
        picture.save(f"pictures/{level:03}.png")

    data = datasets.image_folder("pictures", size=(32, 32), crop="center", batch_size=8)
    print(data)
    ```
    """
    size = check_geometry(size, crop)
    check_channels(channels)
    skip = skips(on_error)
    found = find_pictures(path, skip)

    kept, headers = map_readable(read_header, found.paths, skip)
    paths = check_readable([found.paths[position] for position in kept], found.paths)
    sizes = [header_size for _, header_size in headers]
    if size is None:
        check_equal(paths, sizes)
    read = Reader(channels or common_channels(headers), size, crop)
    shapes = [read.shape(header_size) for header_size in sizes]
    images, kept = decode(paths, read, shapes, skip, cache)
    if cache != "memory":
        options = {"prefetch": 2} | options
    paths = check_readable([paths[position] for position in kept], found.paths)
    warn_of_skipped(found, paths)

    if labels:
        given = options.get("class_names")
        names = subfolder_names(found, cache) if given is None else list(given)
        numbers = class_numbers(paths, found.folder, names)
        if given is None:
            warn_of_empty(numbers, names)
        options |= {"labels": numbers, "class_names": names}
    if crop == "random":
        options |= {"size": size, "crop": crop}
    data = Batches(images, **options)
    data.files = [(paths, found.folder)]
    return data


class PictureBatches:
    """The pictures of a folder as `image_folder` reads them, of any sizes.

    Each iteration reads the files again.

    Args:
        folder: The folder.
        batch_size: Number of images in a batch. Where the size of the pictures
            changes, a new batch begins.
        skip: Whether pictures that cannot be read are left out, with a warning.
    """

    def __init__(self, folder: PathLike, batch_size: int, skip: bool = False) -> None:
        self.folder, self.batch_size, self.skip = folder, batch_size, skip

    def __iter__(self) -> Iterator[np.ndarray]:
        found = find_pictures(self.folder, self.skip)
        kept, headers = map_readable(read_header, found.paths, self.skip)
        paths = check_readable([found.paths[i] for i in kept], found.paths)
        read, readable = Reader(common_channels(headers)), []
        for start in range(0, len(paths), self.batch_size):
            part = paths[start : start + self.batch_size]
            kept, images = map_readable(read, part, self.skip)
            readable += [part[i] for i in kept]
            for _, equal in itertools.groupby(images, key=np.shape):
                yield np.stack(list(equal))
        warn_of_skipped(found, check_readable(readable, found.paths))


def check_channels(channels: int | None) -> None:
    """Raise `ValueError` on a number of channels that pictures are not read with."""
    if channels not in (None, 1, 3):
        raise ValueError(f"`channels` must be 1, 3 or None. Received: {channels!r}")


def skips(on_error: str) -> bool:
    """Return whether broken pictures are left out, or raise `ValueError`."""
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f'`on_error` must be "raise" or "skip". Received: {on_error!r}'
        )
    return on_error == "skip"


def check_equal(paths: Sequence[PathLike], sizes: Sequence[tuple[int, int]]) -> None:
    """Raise `ValueError` if the pictures differ in size."""
    for path, size in zip(paths, sizes, strict=True):
        if size != sizes[0]:
            raise ValueError(
                "The pictures differ in size (height, width): "
                f"{shown(paths[0])} has {sizes[0]}, {shown(path)} has {size}. Pass "
                'size=(height, width), with crop="center" to keep the aspect ratio.'
            )


def check_readable(paths: list[str], found: Sequence[str]) -> list[str]:
    """Return the paths of the readable pictures, or raise `ValueError` on none."""
    if not paths:
        raise ValueError(
            f"None of the {len(found)} pictures can be read: {shown(found[0])} ..."
        )
    return paths


def warn_of_skipped(found: Finder, kept: Sequence[str]) -> None:
    """Warn once and name the pictures that were left out."""
    skipped = sorted({*found.paths, *found.problems} - set(kept))
    if skipped:
        names = ", ".join(map(shown, skipped[:10])) + (" ..." if skipped[10:] else "")
        warnings.warn(
            f"Left out {len(skipped)} of {len(found.paths) + len(found.problems)} "
            f"pictures, which cannot be read: {names}",
            stacklevel=3,
        )


def subfolder_names(found: Finder, cache: PathLike | None) -> list[str]:
    """Return the names of the subfolders, but for that of the decoded pictures."""
    own = None if cache is None else os.path.abspath(os.path.expanduser(cache))
    return [
        shown(name)
        for name in found.subfolders
        if os.path.abspath(os.path.join(found.folder, name)) != own
    ]


def class_numbers(
    paths: Sequence[PathLike], folder: PathLike, names: Sequence[str]
) -> list[int]:
    """Return the number of each picture's class, which is its name's position."""
    number = {name: label for label, name in enumerate(names)}
    labels = []
    for path in paths:
        name, *rest = os.path.relpath(path, folder).split(os.sep)
        if not rest:
            raise ValueError(
                f"labels=True takes each subfolder of {str(folder)!r} as a class, but "
                f"{shown(name)} lies in none of them. Move it into one."
            )
        if shown(name) not in number:
            raise ValueError(
                f"The folder {shown(name)!r} in {str(folder)!r} is not among the "
                f"`class_names`: {list(names)}. Add it, or move it elsewhere."
            )
        labels.append(number[shown(name)])
    return labels


def warn_of_empty(labels: Sequence[int], names: Sequence[str]) -> None:
    """Warn of classes without pictures."""
    empty = [name for label, name in enumerate(names) if label not in set(labels)]
    if empty:
        warnings.warn(
            f"No pictures of the classes {empty}, which keep their numbers. Remove "
            "their folders, or name the classes: class_names=[...].",
            stacklevel=3,
        )
