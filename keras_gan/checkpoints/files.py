"""Checkpoint files: arrays and facts in one file, under one checksum.

The file is an `.npz`, so `numpy.load` opens it too. It holds the arrays by their
names, and `facts.json`. Its zip comment, the last 64 bytes, is the SHA-256 of all
bytes before them. Writing is atomic and survives a loss of power.
"""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from keras_gan.array_files import ArrayFile
from keras_gan.files import DamagedFile, atomic_write
from keras_gan.paths import expand

FACTS = "facts.json"
DIGEST_BYTES = 64


MEND = "Remove it; an older one in its folder may be whole."


class DamagedCheckpoint(DamagedFile):
    """A checkpoint whose checksum does not fit its contents.

    Args:
        path: the file.
        found: str, what is wrong with it.
        mend: str, a sentence about what to do.
    """

    def __init__(self, path: str | os.PathLike, found: str, mend: str = MEND):
        super().__init__(path, found, mend)


def write(
    path: str | os.PathLike,
    arrays: Mapping[str, np.ndarray],
    facts: Mapping[str, Any],
) -> None:
    """Write a checkpoint atomically.

    Args:
        path: the file. What was there is replaced.
        arrays: dict from names to NumPy arrays.
        facts: dict of what JSON can hold.

    Raises:
        OSError: if the disk is full or refuses. What was there is still there.

    Example:

    ```python
    weights = np.zeros(3)
    keras_gan.checkpoints.write("step_1.npz", {"w": weights}, {"epoch": 0})
    arrays, facts = keras_gan.checkpoints.read("step_1.npz")
    ```
    """
    with atomic_write(path, sync=True) as draft, open(draft, "w+b") as file:
        _pack(file, arrays, facts)
        _seal(file)


def verify(path: str | os.PathLike) -> None:
    """Compare a checkpoint with its checksum.

    Args:
        path: the file.

    Raises:
        DamagedCheckpoint: if they do not fit.

    Example:

    ```python
    for path in Path("run/checkpoints").glob("*.npz"):
        keras_gan.checkpoints.verify(path)
    ```
    """
    with open(expand(path), "rb") as file:
        _check(file, os.fstat(file.fileno()).st_size, path)


def read(path: str | os.PathLike) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Verify a checkpoint and read it.

    Args:
        path: the file.

    Returns:
        `arrays, facts`: a dict from the names of the variables to NumPy arrays,
        and a dict with the place in training (`epoch`, `step`), the `history` so
        far, the `versions` that wrote it, and more.

    Raises:
        DamagedFile: if it is damaged.

    Example:

    ```python
    arrays, facts = keras_gan.checkpoints.read("run/checkpoints/step_000000500.npz")
    print(facts["epoch"], facts["step"], facts["versions"])
    ```
    """
    with open(expand(path), "rb") as file:
        _check(file, os.fstat(file.fileno()).st_size, path)
        archive = ArrayFile(file, path, MEND)
        return archive.read(), _facts(archive.text(FACTS), path)


def copy(path: str | os.PathLike, target: str | os.PathLike) -> None:
    """Give a checkpoint a second name, as a hard link where the system has them.

    Args:
        path: the checkpoint.
        target: the other name, in the same folder. What was there is replaced.
    """
    with atomic_write(target, sync=True) as draft:
        try:
            os.link(path, draft)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, draft)


def _facts(text, path):
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedCheckpoint(path, f"{FACTS} is not JSON ({error})") from error
    if not isinstance(facts, dict):
        raise DamagedCheckpoint(path, f"{FACTS} is no dictionary")
    return facts


def _pack(file, arrays, facts):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(FACTS, json.dumps(facts))
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        archive.comment = bytes(DIGEST_BYTES)


def _seal(file):
    """Fill in the checksum, at the end of the archive."""
    size = file.seek(0, os.SEEK_END)
    digest = _digest(file, size)
    file.write(digest)


def _check(file, size, path):
    if size <= DIGEST_BYTES or _digest(file, size) != file.read():
        raise DamagedCheckpoint(path, "its checksum does not fit its contents")


def _digest(file, size):
    """Hash an open file up to its checksum; the next read gives the checksum."""
    file.seek(0)
    digest = hashlib.sha256()
    for start in range(0, size - DIGEST_BYTES, 1 << 20):
        digest.update(file.read(min(1 << 20, size - DIGEST_BYTES - start)))
    return digest.hexdigest().encode()
