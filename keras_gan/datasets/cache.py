"""Three caches for decoded pictures: memory, one large file, or none."""

import hashlib
import math
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.pictures import UnreadablePicture
from keras_gan.datasets.sources import ImageFile, ImageList, PictureFiles
from keras_gan.datasets.transforms import map_threads
from keras_gan.files import atomic_write, read_json, write_json

# The number of bytes that are decoded before they are written.
CHUNK_BYTES = 32 * 2**20


def decode(
    paths: Sequence[PathLike],
    read: Callable[[PathLike], np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    skip: bool,
    cache: PathLike | None,
) -> tuple[Any, Sequence[int]]:
    """Return the pictures as images or as a source, and the positions of their paths.

    Args:
        paths, read, shapes, skip: As for `in_memory`.
        cache: `"memory"`, `None` to decode them for every batch, or a folder.
    """
    if cache == "memory":
        return in_memory(paths, read, shapes, skip)
    if cache is None:
        return uncached(paths, read, shapes, skip)
    return in_file(paths, read, shapes, skip, Path(cache).expanduser())


def map_readable(
    function: Callable[[Any], Any], items: Iterable[Any], skip: bool
) -> tuple[list[int], list[Any]]:
    """Apply a function to every item, in threads, without unreadable pictures.

    Returns:
        Positions of the readable items, and their results. Without `skip` the first
        unreadable picture raises an error.
    """

    def attempt(item):
        try:
            return True, function(item)
        except UnreadablePicture:
            if not skip:
                raise
            return False, None

    attempts = map_threads(attempt, items)
    kept = [position for position, (worked, _) in enumerate(attempts) if worked]
    return kept, [result for worked, result in attempts if worked]


def in_memory(
    paths: Sequence[PathLike],
    read: Callable[[PathLike], np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    skip: bool,
) -> tuple[np.ndarray | ImageList, list[int]]:
    """Decode all pictures into memory.

    Args:
        paths: The files.
        read: Callable from a path to a `uint8` array.
        shapes: Shape of each of these arrays.
        skip: Whether to leave out unreadable pictures.

    Returns:
        The images, and the positions of their paths.
    """
    num_bytes = sum(map(math.prod, shapes))
    if num_bytes > memory_limit():
        raise ValueError(
            f"Decoded, the {len(paths)} pictures take {num_bytes / 2**30:.1f} GiB, "
            "more than half of this machine's memory. Pass cache=FOLDER to keep them "
            "in a file there, or cache=None to decode them for every batch."
        )
    if len(set(shapes)) != 1:
        kept, images = map_readable(read, paths, skip)
        return ImageList(images), kept
    images = np.empty((len(paths), *shapes[0]), dtype=np.uint8)

    def decode(position):
        images[position] = read(paths[position])

    kept, _ = map_readable(decode, range(len(paths)), skip)
    return (images if len(kept) == len(paths) else images[kept]), kept


def in_file(
    paths: Sequence[PathLike],
    read: Callable[[PathLike], np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    skip: bool,
    folder: Path,
) -> tuple[ImageFile, list[int]]:
    """Decode all pictures into a file, unless an earlier run has done so.

    The name of the file depends on the pictures' names, sizes and dates and on how
    they are read, so a changed folder gets a new file. The file is written a few
    megabytes at a time.

    Args:
        paths, read, shapes, skip: As for `in_memory`.
        folder: The folder of the file.

    Returns:
        The images as an `ImageFile`, and the positions of their paths.
    """
    if len(set(shapes)) != 1:
        raise ValueError(
            "Pictures of different aspect ratios cannot be kept in a file for "
            'crop="random". Pass crop="center", cache="memory" or cache=None.'
        )
    name = folder / fingerprint(paths, read)
    images_file, index_file = name.with_suffix(".bytes"), name.with_suffix(".json")
    expected = len(paths), *shapes[0]
    cached = find(images_file, index_file, expected, skip)
    if cached is None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            check_space(folder, len(paths) * math.prod(shapes[0]))
            write(images_file, index_file, paths, read, shapes[0], skip)
        except OSError as error:
            raise OSError(
                f"The decoded pictures cannot be kept in {str(folder)!r}: {error}. "
                "Pass another folder as `cache`, or cache=None to decode them for "
                "every batch."
            ) from error
        cached = find(images_file, index_file, expected, skip)
    shape, skipped = cached
    kept = [position for position in range(len(paths)) if position not in skipped]
    return ImageFile(images_file, shape), kept


def find(
    images_file: Path, index_file: Path, expected: tuple[int, ...], skip: bool
) -> tuple[tuple[int, ...], set[int]] | None:
    """Return the shape of the images and the skipped positions of a finished file.

    Args:
        images_file: The file of the images.
        index_file: The file that says what it holds.
        expected: The shape of the images if none is skipped.
        skip: Whether some may be skipped.

    Returns:
        `None` if there is no such file, if it was changed or is of another length
        than the index says, or if it lacks pictures although none may be skipped.
    """
    try:
        index = read_json(index_file)
        skipped = {position for position in index["skipped"] if position >= 0}
        shape = expected[0] - len(skipped), *expected[1:]
        facts = {"shape": list(shape), "skipped": sorted(skipped)}
        if index != facts | {"checksum": checksum(images_file)}:
            return None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    if images_file.stat().st_size != math.prod(shape) or (skipped and not skip):
        return None
    return shape, skipped


def checksum(path: Path) -> str:
    """Return a hash of a file's length and of 64 pieces of it, evenly spaced.

    Reading all of it would take as long as an epoch.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with open(path, "rb", buffering=0) as file:
        for i in range(64):
            file.seek(i * size // 64)
            digest.update(file.read(4096))
    return digest.hexdigest()


def write(
    images_file: Path,
    index_file: Path,
    paths: Sequence[PathLike],
    read: Callable[[PathLike], np.ndarray],
    shape: tuple[int, ...],
    skip: bool,
) -> None:
    """Decode into temporary files, then rename them to these two."""
    chunk_size = max(1, CHUNK_BYTES // math.prod(shape))
    num_kept, skipped = 0, []
    with atomic_write(images_file) as draft, open(draft, "wb") as file:
        for start in range(0, len(paths), chunk_size):
            chunk = paths[start : start + chunk_size]
            kept, images = map_readable(read, chunk, skip)
            file.writelines(map(np.ascontiguousarray, images))
            num_kept += len(kept)
            lost = set(range(len(chunk))) - set(kept)
            skipped += [start + position for position in sorted(lost)]
    index = {"shape": [num_kept, *shape], "skipped": skipped}
    write_json(index_file, index | {"checksum": checksum(images_file)})


def check_space(folder: PathLike, num_bytes: int) -> None:
    """Raise `OSError` if the disk has no space for the decoded pictures."""
    free = shutil.disk_usage(folder).free
    if num_bytes > free:
        raise OSError(
            f"they take {num_bytes / 2**30:.1f} GiB and the disk has "
            f"{free / 2**30:.1f} GiB left"
        )


def uncached(
    paths: Sequence[PathLike],
    read: Callable[[PathLike], np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    skip: bool,
) -> tuple[PictureFiles, Sequence[int]]:
    """Return pictures that are decoded for every batch, and their positions.

    Args:
        paths, read, shapes, skip: As for `in_memory`.
    """
    kept = range(len(paths))
    if skip:
        kept, _ = map_readable(lambda path: read(path).shape, paths, skip)
    files = [paths[position] for position in kept]
    return PictureFiles(files, read, [shapes[i] for i in kept], skip), kept


def fingerprint(
    paths: Sequence[PathLike], read: Callable[[PathLike], np.ndarray]
) -> str:
    """Return a hash of the files and of how they are read."""
    digest = hashlib.sha256(repr(read).encode())
    for path in paths:
        stat = os.stat(path)
        digest.update(os.fsencode(os.path.abspath(path)))
        digest.update(f" {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def memory_limit() -> int:
    """Return half of the machine's memory in bytes, or 4 GiB if it is unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30
