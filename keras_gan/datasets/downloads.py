"""Data sets that Keras knows how to fetch."""

import contextlib
import importlib
import socket


def keras_arrays(name, split, timeout=10):
    """Return (images, labels) of a data set from Keras' cache or its public address.

    Args:
        name: Module of `keras.datasets`, such as `"mnist"`.
        split: `"train"` or `"test"`.
        timeout: Seconds without an answer after which to give up.

    Raises:
        FileNotFoundError: If the data are not cached and cannot be fetched.
    """
    source = importlib.import_module(f"keras.datasets.{name}")
    try:
        with socket_timeout(timeout):
            train, test = source.load_data()
    except Exception as error:  # Keras raises a bare Exception when offline.
        raise FileNotFoundError(
            f"keras.datasets.{name} could not be fetched: {error}"
        ) from error
    return train if split == "train" else test


@contextlib.contextmanager
def socket_timeout(seconds):
    """Make every new socket give up after this many seconds of silence."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
