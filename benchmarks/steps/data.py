"""One batch of noise in the range of images, again and again."""

import keras
import numpy as np


def images(nets, batch_size):
    """A float32 array `(batch_size, height, width, channels)` in [-1, 1]."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (batch_size, *nets.image_shape)).astype("float32")


def resident(nets, batch_size):
    """The batch without an end, as `fit` likes it best on this backend."""
    batch = images(nets, batch_size)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.data.Dataset.from_tensors(batch).repeat()
    return _Same(batch)


class _Same(keras.utils.PyDataset):
    def __init__(self, batch):
        super().__init__()
        self.batch = batch

    @property
    def num_batches(self):
        return 10**6

    def __getitem__(self, index):
        return (self.batch,)
