"""Trainings that leave a folder: settings, log, pictures, checkpoints, metrics, model.

What `keras-gan train` does, for programs too.
"""

from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.run import Run

__all__ = ["Run", "epochs_of"]
