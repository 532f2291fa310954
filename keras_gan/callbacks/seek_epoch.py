"""The place of a seeded dataset at the beginning of every epoch."""

import keras


class SeekEpoch(keras.callbacks.Callback):
    """Tell a dataset which epoch it is, and where in the first epoch to begin.

    Args:
        dataset: a `keras_gan.datasets.SeededDataset`.
        epoch: int, the first epoch.
        step: int, the first step in it.
    """

    def __init__(self, dataset, epoch: int, step: int):
        super().__init__()
        self.dataset = dataset
        self.first = epoch, step

    def on_epoch_begin(self, epoch, logs=None):
        first_epoch, step = self.first
        self.dataset.seek(epoch, step if epoch == first_epoch else 0)
