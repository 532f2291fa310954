"""Images from a folder of picture files."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keras_gan._typing import PathLike, Size
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.cache import in_file, in_memory, map_readable, uncached
from keras_gan.datasets.pictures import EXTENSIONS, Reader, find_pictures, read_header
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
    """Images from a folder of PNG, JPG or WebP files, subfolders included.

    Transparent pictures are composed with a white background. 16-bit grey is rounded
    to 8 bits. The orientation in the Exif data is applied. Files are decoded in
    parallel threads.

    Args:
        path: The folder.
        size: Pair (height, width) that every picture is resized to. Needed unless
            all of them have the same size.
        crop: `None` stretches to `size`; `"center"` and `"random"` keep the aspect
            ratio and cut out a window of `size`, a new random one for each pass.
        channels: 1 (grey) or 3 (colour). By default 1 if all pictures are grey.
        labels: Whether to yield `(images, labels)`; each subfolder is a class, in
            alphabetical order.
        cache: `"memory"` decodes all pictures once and keeps them as `uint8`, in at
            most half of the machine's memory. The path of a folder keeps them in a
            file there, which the next run uses again. `None` decodes each picture
            every time it is needed. With a folder or `None`, memory holds only a few
            batches and the names of the pictures, and a thread prepares the next two
            batches during the training step.
        on_error: `"raise"` raises an error that names the first broken file;
            `"skip"` leaves out broken files and names them in a warning.
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
    if channels not in (None, 1, 3):
        raise ValueError(f"`channels` must be 1, 3 or None. Received: {channels!r}")
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f'`on_error` must be "raise" or "skip". Received: {on_error!r}'
        )
    skip = on_error == "skip"
    folder = Path(path).expanduser()
    found = list_pictures(folder)

    kept, headers = map_readable(read_header, found, skip)
    paths = check_readable([found[position] for position in kept], found)
    sizes = [header_size for _, header_size in headers]
    if size is None:
        check_equal(paths, sizes)
    if channels is None:
        channels = 1 if all(grey for grey, _ in headers) else 3

    read = Reader(channels, size, crop)
    shapes = [read.shape(header_size) for header_size in sizes]
    if cache == "memory":
        images, kept = in_memory(paths, read, shapes, skip)
    elif cache is None:
        images, kept = uncached(paths, read, skip)
    else:
        images, kept = in_file(paths, read, shapes, skip, Path(cache).expanduser())
    if cache != "memory":
        options = {"prefetch": 2} | options
    paths = check_readable([paths[position] for position in kept], found)
    warn_of_skipped(found, paths)

    if labels:
        options["labels"], options["class_names"] = classes(paths, folder)
    if crop == "random":
        options |= {"size": size, "crop": crop}
    return Batches(images, **options)


def list_pictures(folder: Path) -> list[str]:
    """Return the picture files of a folder, or raise `ValueError` if it has none."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r}.")
    paths = find_pictures(folder)
    if not paths:
        raise ValueError(
            f"The folder {str(folder)!r} and its subfolders hold no picture. Pictures "
            f"are files that end in {', '.join(EXTENSIONS)}."
        )
    return paths


def check_equal(paths: Sequence[PathLike], sizes: Sequence[tuple[int, int]]) -> None:
    """Raise `ValueError` if the pictures differ in size."""
    for path, size in zip(paths, sizes, strict=True):
        if size != sizes[0]:
            raise ValueError(
                "The pictures differ in size (height, width): "
                f"{paths[0]} has {sizes[0]}, {path} has {size}. Pass size=(height, "
                'width), with crop="center" to keep the aspect ratio.'
            )


def check_readable(paths: list[str], found: Sequence[str]) -> list[str]:
    """Return the paths of the readable pictures, or raise `ValueError` on none."""
    if not paths:
        raise ValueError(
            f"None of the {len(found)} pictures can be read: {found[0]} ..."
        )
    return paths


def warn_of_skipped(found: Sequence[str], kept: Sequence[str]) -> None:
    """Warn once and name the pictures that were left out."""
    skipped = sorted(set(found) - set(kept))
    if skipped:
        names = ", ".join(skipped[:10]) + (" ..." if skipped[10:] else "")
        warnings.warn(
            f"Left out {len(skipped)} of {len(found)} pictures, which cannot be read: "
            f"{names}",
            stacklevel=3,
        )


def classes(paths: Sequence[PathLike], folder: PathLike) -> tuple[list[int], list[str]]:
    """Return the label of each picture and the names of the classes."""
    parts = [os.path.relpath(path, folder).split(os.sep) for path in paths]
    for part in parts:
        if len(part) == 1:
            raise ValueError(
                f"labels=True takes each subfolder of {str(folder)!r} as a class, but "
                f"{part[0]} lies in none of them. Move it into one."
            )
    names = sorted({part[0] for part in parts})
    number = {name: label for label, name in enumerate(names)}
    return [number[part[0]] for part in parts], names
