"""The trained model of a run, or of a user: a `.keras` file, read without trust."""

import os
import zipfile
from pathlib import Path

import h5py
import keras

from keras_gan.files import check_unpacked

WEIGHTS = "model.weights.h5"


def load(path: str | os.PathLike, mend: str) -> keras.Model:
    """Load a `.keras` file.

    The sizes that it declares are checked before anything is unpacked.

    Args:
        path: the file.
        mend: str, a sentence for the error.

    Raises:
        ValueError: if it is damaged, or made from classes that are not registered.
    """
    path = Path(path)
    try:
        _check_sizes(path)
        return keras.saving.load_model(path)
    except Exception as error:  # whatever zipfile, h5py and Keras raise
        said = str(error)
        said = said if len(said) < 500 else f"{said[:500]} ..."
        raise ValueError(
            f"{str(path)!r} cannot be loaded ({type(error).__name__}: {said}). {mend}"
        ) from error


def _check_sizes(path):
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        num_bytes = sum(member.file_size for member in members)
        check_unpacked(path, num_bytes, sum(m.compress_size for m in members))
        with archive.open(WEIGHTS) as member, h5py.File(member) as file:
            num_bytes = []
            file.visititems(lambda _, each: num_bytes.append(_num_bytes(each)))
    check_unpacked(path, sum(num_bytes), path.stat().st_size)


def _num_bytes(each):
    is_array = isinstance(each, h5py.Dataset)
    return each.size * each.dtype.itemsize if is_array else 0
