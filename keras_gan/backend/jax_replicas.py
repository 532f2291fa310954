"""Several devices under JAX, by `keras.distribution`.

The step is one program for the whole batch, and the compiler parts it: draws,
means and batch statistics are those of one device.
"""

import math

import jax
import keras
import numpy as np

from keras_gan.backend import single_device
from keras_gan.backend.single_device import (
    all_gather,
    any_process,
    check_data,
    check_equal_shares,
    distribute_data,
    is_chief,
    mean_over_replicas,
    num_processes,
    num_replicas,
    per_replica_seeds,
    sample_global,
)

__all__ = [
    "all_gather",
    "any_process",
    "check_data",
    "check_equal_shares",
    "check_scope",
    "distribute_data",
    "is_chief",
    "mean_over_replicas",
    "num_devices",
    "num_processes",
    "num_replicas",
    "per_replica_seeds",
    "predict",
    "sample_global",
]


def num_devices(model):
    """How many devices share a batch, by Keras' distribution."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    if distribution.batch_dim_name in mesh.axis_names:
        return mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)]
    return math.prod(mesh.shape)


def check_scope(model, players, optimizers):
    """See that one process trains, on as many devices as it has."""
    if jax.process_count() > 1:
        raise ValueError(
            f"JAX runs {jax.process_count()} processes, and keras_gan trains in one, "
            "on all of its devices. For several machines use the TensorFlow backend "
            "with `tf.distribute.MultiWorkerMirroredStrategy`; see docs/scaling.md."
        )


def predict(model, inputs, batch_size):
    """What a model makes of arrays, each batch filled up so that it can be parted."""
    devices = num_devices(model)
    if devices == 1:
        return single_device.predict(model, inputs, batch_size)
    num_rows = len(keras.tree.flatten(inputs)[0])
    missing = -num_rows % devices
    batch_size += -batch_size % devices
    if missing:
        inputs = keras.tree.map_structure(
            lambda a: np.concatenate([a, np.repeat(a[-1:], missing, axis=0)]), inputs
        )
    return model.predict(inputs, batch_size=batch_size, verbose=0)[:num_rows]
