"""One process, one program: where a step is written for the whole batch.

See `keras_gan/backend/tensorflow_replicas.py` for what the names promise.
"""

import contextlib

import keras
import numpy as np


def num_replicas():
    return 1


def num_devices(model):
    return 1


def num_processes(model):
    return 1


def is_chief(model):
    return True


def check_scope(model, players, optimizers):
    """Nothing: there are no scopes."""


def check_data(model, data, batch_size):
    """Nothing: one program sees the whole batch."""


def feed(model, data, place, num_parts):
    return data, None


def own_noise(states):
    return contextlib.nullcontext()


def draw(sample, num_rows, num_parts, generator):
    return sample(num_rows)


def mean_over_replicas(values):
    return values


def over_replicas(rows):
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
