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
        try:
            write(self.folder)
        except OSError as error:
            warnings.warn(
                f"The report was not written: {error}. Training goes on.", stacklevel=2
            )
