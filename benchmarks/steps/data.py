"""Repeat one batch of noise in the range of images."""

import numpy as np


def images(nets, batch_size):
    """Return a float32 array `(batch_size, height, width, channels)` in [-1, 1]."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (batch_size, *nets.image_shape)).astype("float32")


def resident(nets, batch_size, as_bytes=False):
    """Repeat the batch of images without end; see `repeated`.

    Args:
        nets: `nets.Nets`.
        batch_size: int.
        as_bytes: bool, whether as uint8, which the step scales, as the data sets of the
            package come. `fit` looks through the values of others.
    """
    batch = images(nets, batch_size)
    return repeated(to_bytes(batch) if as_bytes else batch)


def to_bytes(batch):
    """Return images in [-1, 1] as uint8."""
    return np.round(127.5 * (batch + 1)).astype("uint8")


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
