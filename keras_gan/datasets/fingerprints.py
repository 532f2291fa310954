"""Digests of data, which tell whether a run goes on with those that it began with."""

import hashlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gan._typing import PathLike

# Of larger data, evenly spaced parts are looked at.
MAX_BYTES = 2**28
MAX_FILES = 64
FILE_BYTES = 2**16


def of_array(array: np.ndarray) -> str:
    """Return a digest of an array: of all of it, up to 256 MB, else of some rows."""
    digest = hashlib.sha256(f"{array.dtype} {array.shape}".encode())
    step = -(-array.nbytes // MAX_BYTES) or 1
    digest.update(np.ascontiguousarray(array[::step]))
    return digest.hexdigest()


def of_source(source: Any) -> str:
    """Return a digest of some images of a source, and of their number."""
    indices = np.unique(np.linspace(0, len(source) - 1, MAX_FILES).astype(int))
    digest = hashlib.sha256(str(len(source)).encode())
    for image in source[indices]:
        digest.update(of_array(np.asarray(image)).encode())
    return digest.hexdigest()


def of_files(paths: Sequence[PathLike], folder: PathLike) -> str:
    """Return a digest of files: of all names and sizes, and of the content of some.

    It is the same for a copy of the folder in another place.
    """
    digest = hashlib.sha256()
    step = -(-len(paths) // MAX_FILES)
    for position, path in enumerate(paths):
        digest.update(os.fsencode(os.path.relpath(path, folder)))
        if not os.path.exists(path):  # it has vanished since the folder was listed
            continue
        digest.update(f" {os.path.getsize(path)}\n".encode())
        if position % step == 0:
            with open(path, "rb") as file:
                digest.update(file.read(FILE_BYTES))
    return digest.hexdigest()


def combined(*parts: Any) -> str:
    """Return a digest of the text of several values."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
