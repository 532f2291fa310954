"""Of several workers one writes files, and the others follow."""

import tempfile
from pathlib import Path

import keras

from keras_gan.callbacks.samples import EpochSamples
from keras_gan.callbacks.walk import LatentWalk

_ONLY_WRITE = (
    EpochSamples,
    LatentWalk,
    keras.callbacks.CSVLogger,
    keras.callbacks.TensorBoard,
)


def without_files(callbacks):
    """The callbacks of a worker that is not the chief.

    Those that only write files are left out. A `keras.callbacks.ModelCheckpoint`
    stays, since values may have to be gathered from all workers to be saved, and
    writes to a temporary folder. `Checkpoint` knows by itself.

    Args:
        callbacks: list of callbacks.

    Returns:
        A list of callbacks.
    """
    kept = [callback for callback in callbacks if not isinstance(callback, _ONLY_WRITE)]
    for callback in kept:
        if isinstance(callback, keras.callbacks.ModelCheckpoint):
            folder = tempfile.mkdtemp(prefix="keras_gan_worker_")
            callback.filepath = str(Path(folder) / Path(callback.filepath).name)
    return kept
