"""Callbacks of several workers: only the chief writes files."""

import tempfile
from pathlib import Path

import keras

from keras_gan.callbacks.pictures import EpochPictures
from keras_gan.callbacks.walk import LatentWalk

_ONLY_WRITE_FILES = (
    EpochPictures,
    LatentWalk,
    keras.callbacks.CSVLogger,
    keras.callbacks.TensorBoard,
)


def chief_only(
    callbacks: list[keras.callbacks.Callback],
) -> list[keras.callbacks.Callback]:
    """Leave out the callbacks that only the chief of several workers needs.

    For a worker that is not the chief. Callbacks that only write files are left out.
    A `keras.callbacks.ModelCheckpoint` stays, because saving may gather values from
    all workers; it writes to a temporary folder. `Checkpoint` finds out by itself
    whether it is on the chief.

    Args:
        callbacks: list of callbacks.

    Returns:
        A list of callbacks.
    """
    kept = [
        callback
        for callback in callbacks
        if not isinstance(callback, _ONLY_WRITE_FILES)
    ]
    for callback in kept:
        if isinstance(callback, keras.callbacks.ModelCheckpoint):
            folder = tempfile.mkdtemp(prefix="keras_gan_worker_")
            callback.filepath = str(Path(folder) / Path(callback.filepath).name)
    return kept
