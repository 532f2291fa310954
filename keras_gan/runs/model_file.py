"""The trained model of a run, or of a user: a `.keras` file, read without trust."""

import os
from collections.abc import Callable
from pathlib import Path

import keras

from keras_gan import checkpoints
from keras_gan.array_files import check_weights
from keras_gan.runs import layout


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


def restore(folder: Path, build: Callable[[], keras.Model]) -> keras.Model:
    """Return the trained model of a run, or that of its newest checkpoint.

    Args:
        folder: the folder of the run.
        build: function that returns the model, compiled and not trained.

    Raises:
        ValueError: if there is neither, or the file is damaged.
    """
    resume = f"keras-gan train --output {folder} --resume"
    if (folder / layout.MODEL).is_file():
        return load(
            folder / layout.MODEL,
            f"Remove it, and run `{resume}`: the last checkpoint holds the same model.",
        )
    if not checkpoints.listed(folder / layout.CHECKPOINTS):
        raise ValueError(
            f"The run in {str(folder)!r} has no checkpoint yet. Wait for the first, or "
            f"train on: {resume}"
        )
    gan = build()
    gan.restore(folder / layout.CHECKPOINTS)
    return gan
