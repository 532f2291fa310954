"""One checkpoint is one file, and every bit of it is under a checksum.

The file is an `.npz`, so that `numpy.load` opens it too: the arrays by their
names, and `facts.json`. Its zip comment, the last 64 bytes, is the SHA-256 of all
bytes before them. It is written beside its place, forced to the disk and renamed:
at every moment the place holds a whole checkpoint or none.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np

FACTS = "facts.json"
DIGEST_BYTES = 64


class DamagedCheckpoint(ValueError):
    """A checkpoint that is not, bit for bit, what was written."""

    def __init__(self, path, found):
        super().__init__(
            f"The checkpoint {str(path)!r} is damaged: {found}. Remove it; an older "
            "one in its folder may be whole."
        )


def write(path, arrays, facts):
    """Write a checkpoint, whole or not at all.

    Args:
        path: the file, in a folder that exists. What was there is replaced.
        arrays: dict from names to NumPy arrays.
        facts: dict, what JSON can hold.

    Raises:
        OSError: if the disk is full or refuses. What was there is still there.

    Example:

    ```python
    weights = np.zeros(3)
    keras_gan.checkpoints.write("step_1.npz", {"w": weights}, {"epoch": 0})
    arrays, facts = keras_gan.checkpoints.read("step_1.npz")
    ```
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(partial, "w+b") as file:
            _pack(file, arrays, facts)
            _seal(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def verify(path):
    """See that a checkpoint is, bit for bit, what was written.

    Args:
        path: the file.

    Raises:
        DamagedCheckpoint: if it is not.

    Example:

    ```python
    for path in Path("run/checkpoints").glob("*.npz"):
        keras_gan.checkpoints.verify(path)
    ```
    """
    with open(path, "rb") as file:
        _check(file, os.fstat(file.fileno()).st_size, path)


def read(path):
    """Read a checkpoint after a look at its checksum.

    Args:
        path: the file.

    Returns:
        `arrays, facts`: a dict from the names of the variables to NumPy arrays,
        and a dict with the place in training (`epoch`, `step`), the `history` so
        far, the `versions` that wrote it, and more.

    Raises:
        DamagedCheckpoint: if the file is not what was written.

    Example:

    ```python
    arrays, facts = keras_gan.checkpoints.read("run/checkpoints/step_000000500.npz")
    print(facts["epoch"], facts["step"], facts["versions"])
    ```
    """
    data = Path(path).read_bytes()
    _check(io.BytesIO(data), len(data), path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        facts = json.loads(archive.read(FACTS))
        arrays = {}
        for name in archive.namelist():
            if name != FACTS:
                with archive.open(name) as member:
                    array = np.lib.format.read_array(member, allow_pickle=False)
                arrays[name.removesuffix(".npy")] = array
    return arrays, facts


def copy(path, target):
    """Give a checkpoint a second name, without a second copy where that can be.

    Args:
        path: the checkpoint.
        target: the other name, in the same folder. What was there is replaced.
    """
    target = Path(target)
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        os.link(path, partial)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, partial)
    os.replace(partial, target)
    sync_folder(target.parent)


def sync_folder(folder):
    """Force a rename to the disk, where the system lets folders be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _pack(file, arrays, facts):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(FACTS, json.dumps(facts))
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        archive.comment = bytes(DIGEST_BYTES)


def _seal(file):
    """Put the checksum where the archive left room for it."""
    size = file.seek(0, os.SEEK_END)
    digest = _digest(file, size)
    file.write(digest)


def _check(file, size, path):
    if size <= DIGEST_BYTES or _digest(file, size) != file.read():
        raise DamagedCheckpoint(path, "its checksum does not fit its contents")


def _digest(file, size):
    """Hash an open file up to its checksum, and stop there."""
    file.seek(0)
    digest = hashlib.sha256()
    for start in range(0, size - DIGEST_BYTES, 1 << 20):
        digest.update(file.read(min(1 << 20, size - DIGEST_BYTES - start)))
    return digest.hexdigest().encode()
