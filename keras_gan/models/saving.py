"""Keras' files of models: their names, and what is in them."""

import os

from keras_gan.array_files import check_weights


def expand_user(path: str | os.PathLike) -> str:
    """Return a path with `~` as the home folder; Keras' addresses stay as they are."""
    return os.path.expanduser(os.fspath(path))


def checked_path(path: str | os.PathLike) -> str:
    """Return the path of a file for a whole model, with `~` as the home folder.

    Raises:
        ValueError: if it is of the old HDF5 format, which holds one stack of layers.
    """
    path = expand_user(path)
    if path.endswith((".h5", ".hdf5")):
        raise ValueError(
            f"{path!r} is of Keras' old HDF5 format, which does not hold adversarial "
            "models: it could not be loaded. Use a name that ends in `.keras`, or "
            "`save_weights` and `.weights.h5` for the weights alone."
        )
    return path


def checked_weights(path: str | os.PathLike) -> str:
    """Return the path of a file of weights, with `~` as the home folder.

    Raises:
        DamagedFile: if it would be far larger unpacked.
    """
    path = expand_user(path)
    if os.path.isfile(path):
        check_weights(path)
    return path


def names_in(store) -> list[str]:
    """Return the names of the parts of a model that a weights file holds.

    Args:
        store: what Keras passes to `load_own_variables`.
    """
    shards = getattr(store, "sharding_config", None)
    paths = shards["weight_map"] if shards else getattr(store, "h5_file", ())
    return list(dict.fromkeys(path.strip("/").split("/")[0] for path in paths))
