"""One process, one program: where a step is written for the whole batch.

See `keras_gan/backend/tensorflow_replicas.py` for what the names promise.
"""

import contextlib

import keras
import numpy as np


def num_replicas():
    """How many copies of the program this step runs in."""
    return 1


def num_devices(model):
    """How many devices the model trains on."""
    return 1


def num_processes(model):
    """How many processes train together."""
    return 1


def is_chief(model):
    """Whether this process is the one that writes files."""
    return True


def check_scope(model, players, optimizers):
    """Nothing: there are no scopes."""


def check_data(model, data, batch_size):
    """Nothing: one program sees the whole batch."""


def feed(model, data, place, num_parts):
    """The data as `fit` takes them, and a callback for it: here none."""
    return data, None


def own_noise(states):
    """A context in which each copy draws its own noise: here the only one."""
    return contextlib.nullcontext()


def draw(sample, num_rows, num_parts, generator):
    """This copy's rows of a draw for the whole batch: here all."""
    return sample(num_rows)


def mean_over_replicas(values):
    """Their mean over all copies."""
    return values


def over_replicas(rows):
    """The rows of all copies, one after the other."""
    return rows


def check_equal_shares(num_rows):
    """Nothing: there is one share."""


def predict(model, inputs, batch_size):
    """What a model makes of arrays whose rows fill batches of this size.

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
