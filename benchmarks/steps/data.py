"""Repeat one batch of noise in the range of images."""

import numpy as np


def images(nets, batch_size):
    """Return a float32 array `(batch_size, height, width, channels)` in [-1, 1]."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (batch_size, *nets.image_shape)).astype("float32")


def resident(nets, batch_size):
    """Repeat the batch of images without end; see `repeated`."""
    return repeated(images(nets, batch_size))


def repeated(*arrays):
    """Repeat one batch without end, in the form that `fit` reads fastest.

    Under TensorFlow and JAX it stays on the device; `fit` under torch takes it from
    the host at every step.
    """
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        batch = arrays if len(arrays) > 1 else arrays[0]
        return tf.data.Dataset.from_tensors(batch).repeat()
    if keras.backend.backend() == "jax":
        arrays = tuple(keras.ops.convert_to_tensor(array) for array in arrays)

    class Same(keras.utils.PyDataset):
        num_batches = 1_000_000

        def __getitem__(self, index):
            return arrays

        def __len__(self):
            return self.num_batches

    return Same()
