"""One process on one device: a step sees the whole batch.

`keras_gan/backend/tensorflow_replicas.py` documents the functions.
"""

import contextlib

import keras
import numpy as np


def num_replicas():
    """Return 1."""
    return 1


def num_devices(model):
    """Return 1."""
    return 1


def num_processes(model):
    """Return 1."""
    return 1


def is_chief(model):
    """Return True: the only process writes the files."""
    return True


def any_process(model, flag):
    """Return the flag: there is no other process."""
    return flag


def check_scope(model, players, optimizers):
    """Do nothing: there are no scopes."""


def check_data(model, data, batch_size):
    """Do nothing: one program sees the whole batch."""


def distribute_data(model, data, place, num_parts):
    """Return the data and no number of steps."""
    return data, None


def per_replica_seeds(states):
    """Return an empty context: there is one replica."""
    return contextlib.nullcontext()


def sample_global(sample, num_rows, num_parts, generator):
    """Draw for the whole batch."""
    return sample(num_rows)


def mean_over_replicas(values):
    """Return the values."""
    return values


def all_gather(rows):
    """Return the rows."""
    return rows


def check_equal_shares(num_rows):
    """Do nothing: there is one share."""


def predict(model, inputs, batch_size):
    """Return a model's outputs for arrays whose rows fill batches of this size.

    Keras' `predict` makes a dataset of the arrays first, which for a small generator
    takes as long as the images.
    """
    num_rows = len(keras.tree.flatten(inputs)[0])
    parts = [
        model.predict_on_batch(
            keras.tree.map_structure(lambda a, i=i: a[i : i + batch_size], inputs)
        )
        for i in range(0, num_rows, batch_size)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
