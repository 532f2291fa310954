"""A report that is updated during training."""

import os
import warnings

import keras

from keras_gan.runs.report.writing import write


class ReportWriter(keras.callbacks.Callback):
    """Write `report.html` after every epoch.

    Args:
        folder: the folder of the run.
    """

    def __init__(self, folder: str | os.PathLike):
        super().__init__()
        self.folder = folder

    def on_epoch_end(self, epoch, logs=None):
        write_or_warn(self.folder)


def write_or_warn(folder: str | os.PathLike) -> None:
    """Write the report, and warn about any error: a report never ends a training.

    Args:
        folder: the folder of the run.
    """
    try:
        write(folder)
    except Exception as error:  # whatever the files in the folder were made to hold
        is_sentence = isinstance(error, OSError | ValueError)
        said = str(error) if is_sentence else f"{type(error).__name__}: {error}"
        warnings.warn(
            f"The report of {str(folder)!r} was not written ({said}). The run itself "
            "goes on.",
            stacklevel=2,
        )
