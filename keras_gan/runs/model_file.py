"""The trained model of a run, or of a user: a `.keras` file, read without trust."""

import os
from pathlib import Path

import keras

from keras_gan.array_files import check_weights


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
        check_weights(path)
        return keras.saving.load_model(path)
    except Exception as error:  # whatever zipfile, h5py and Keras raise
        said = str(error)
        said = said if len(said) < 500 else f"{said[:500]} ..."
        raise ValueError(
            f"{str(path)!r} cannot be loaded ({type(error).__name__}: {said}). {mend}"
        ) from error
