"""Download data sets once, and keep them in Keras' folder."""

import contextlib
import hashlib
import importlib
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

from keras_gan._typing import PathLike


def keras_arrays(
    name: str, split: str, timeout: float = 10
) -> tuple[np.ndarray, np.ndarray]:
    """Return (images, labels) of a data set from Keras' cache or its public address.

    Args:
        name: Module of `keras.datasets`, such as `"mnist"`.
        split: `"train"` or `"test"`.
        timeout: Seconds without an answer before an error.

    Raises:
        FileNotFoundError: If the data are not cached and cannot be fetched.
        ValueError: If the cached file is damaged, for instance by an interrupted
            download.
    """
    source = importlib.import_module(f"keras.datasets.{name}")
    try:
        with socket_timeout(timeout):
            train, test = source.load_data()
    except Exception as error:  # Keras raises a bare Exception when offline.
        damaged = cached(name)
        if damaged and "URL fetch failure" not in str(error):
            raise ValueError(
                f"Keras' copy of {name} cannot be read ({error}): it may be left from "
                "an interrupted download. Delete it and run again, with a network: "
                f"{', '.join(map(str, damaged))}"
            ) from error
        raise FileNotFoundError(
            f"keras.datasets.{name} could not be fetched: {error}. Run it once with a "
            "network; Keras keeps what it has fetched."
        ) from error
    return train if split == "train" else test


def cached(name: str) -> list[Path]:
    """Return the paths in Keras' cache that belong to a data set."""
    folder = keras_home() / "datasets"
    paths = folder.iterdir() if folder.is_dir() else []
    letters = str.maketrans("", "", "-_")
    return [
        path
        for path in sorted(paths)
        if path.name.translate(letters).startswith(name.translate(letters))
    ]


def fetch(url: str, sha256: str, folder: PathLike, timeout: float = 30) -> Path:
    """Download a file, unless the folder holds a complete copy.

    Args:
        url: The address of the file.
        sha256: Digest of its content, in hexadecimal digits. A file that differs,
            such as one left from an interrupted download, is downloaded again.
        folder: The folder of the file.
        timeout: Seconds without an answer before an error.

    Returns:
        The path of the file.

    Raises:
        FileNotFoundError: If it cannot be fetched.
    """
    target = Path(folder) / url.rpartition("/")[2]
    if target.is_file() and _sha256(target) == sha256:
        return target
    try:
        # In a folder of its own: another process may fetch the same file.
        with (
            socket_timeout(timeout),
            tempfile.TemporaryDirectory(prefix=".fetch_", dir=folder) as draft,
        ):
            path = keras.utils.get_file(
                origin=url,
                file_hash=sha256,
                hash_algorithm="sha256",
                cache_dir=draft,
                cache_subdir="",
            )
            os.replace(path, target)
    except Exception as error:  # Keras raises a bare Exception when offline.
        raise FileNotFoundError(f"{url} could not be fetched: {error}") from error
    return target


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keras_home() -> Path:
    """Return the folder of Keras' settings and data: `KERAS_HOME`, or `~/.keras`."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()


@contextlib.contextmanager
def socket_timeout(seconds: float) -> Iterator[None]:
    """Set the timeout in seconds of all new sockets in this context."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
