"""Three ways to hold decoded pictures: in memory, in a mapped file, not at all."""

import hashlib
import json
import math
import os

import numpy as np

from keras_gan.datasets.pictures import (
    ImageList,
    PictureFiles,
    UnreadablePicture,
)
from keras_gan.datasets.transforms import map_threads


def sift(function, items, skip):
    """Apply a function to every item, in threads; leave out unreadable pictures.

    Returns:
        Positions of the items that worked, and their results. Without `skip` the
        first unreadable picture is an error.
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


def in_memory(paths, read, shape, skip):
    """Decode all pictures now.

    Args:
        paths: The files.
        read: Callable from a path to a `uint8` array.
        shape: Shape of every array, or `None` if they differ.
        skip: Whether to leave out unreadable pictures.

    Returns:
        The images, and the positions of the paths that they come from.
    """
    if shape is None:
        kept, images = sift(read, paths, skip)
        return ImageList(images), kept
    num_bytes = len(paths) * math.prod(shape)
    if num_bytes > memory_limit():
        raise ValueError(
            f"{len(paths)} pictures of shape {shape} take {num_bytes / 2**30:.1f} GiB, "
            f"more than half of this machine's memory. Pass cache=FOLDER to keep them "
            "in a file there, or cache=None to decode them for every batch."
        )
    images = np.empty((len(paths), *shape), dtype=np.uint8)
    kept = fill(images, paths, read, skip)
    return (images if len(kept) == len(paths) else images[kept]), kept


def in_file(paths, read, shape, skip, folder):
    """Decode all pictures into a file, unless an earlier run has done so.

    The file is named after the pictures' names, sizes and dates and the way they are
    read, so that a changed folder gets a new file.

    Args:
        paths, read, shape, skip: As for `in_memory`.
        folder: Where the file lies.

    Returns:
        The images as a read-only `np.memmap`, and the positions of their paths.
    """
    if shape is None:
        raise ValueError(
            "Pictures of different aspect ratios cannot be kept in a file for "
            'crop="random". Pass crop="center", cache="memory" or cache=None.'
        )
    folder.mkdir(parents=True, exist_ok=True)
    images_file = folder / f"{fingerprint(paths, read)}.npy"
    kept_file = images_file.with_suffix(".json")
    if not (images_file.exists() and kept_file.exists()):
        write(images_file, kept_file, paths, read, shape, skip)
    kept = json.loads(kept_file.read_text())
    return np.load(images_file, mmap_mode="r"), kept


def write(images_file, kept_file, paths, read, shape, skip):
    """Decode into a new file beside `images_file`, then put it in its place."""
    part = images_file.with_suffix(f".{os.getpid()}.part")
    try:
        images = new_memmap(part, (len(paths), *shape))
        kept = fill(images, paths, read, skip)
        if len(kept) < len(paths):
            whole = images
            images = new_memmap(part.with_suffix(".kept"), (len(kept), *shape))
            for row, position in enumerate(kept):
                images[row] = whole[position]
            os.replace(part.with_suffix(".kept"), part)
        images.flush()
        os.replace(part, images_file)
    finally:
        part.unlink(missing_ok=True)
    part.write_text(json.dumps(kept))
    os.replace(part, kept_file)


def not_at_all(paths, read, skip):
    """Return pictures that are decoded for every batch, and the readable positions."""
    kept = range(len(paths))
    if skip:
        kept, _ = sift(lambda path: read(path).shape, paths, skip)
    return PictureFiles([paths[position] for position in kept], read), kept


def fill(images, paths, read, skip):
    """Decode `paths[i]` into `images[i]`; return the positions that worked."""

    def decode(position):
        images[position] = read(paths[position])

    return sift(decode, range(len(paths)), skip)[0]


def new_memmap(path, shape):
    """Create a mapped `.npy` file of `uint8`."""
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)


def fingerprint(paths, read):
    """Return a name that changes with the files and with the way they are read."""
    digest = hashlib.sha256(repr(read).encode())
    for path in paths:
        stat = path.stat()
        digest.update(f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def memory_limit():
    """Return half of the machine's memory in bytes, 4 GiB where it is not known."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30
