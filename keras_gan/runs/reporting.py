"""The report, made anew as training goes on."""

import warnings

import keras

from keras_gan.runs import report


class Reporting(keras.callbacks.Callback):
    """Write `report.html` after every epoch.

    Args:
        folder: the folder of the run.
    """

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def on_epoch_end(self, epoch, logs=None):
        try:
            report.write(self.folder)
        except OSError as error:
            warnings.warn(
                f"The report was not written: {error}. Training goes on.", stacklevel=2
            )
