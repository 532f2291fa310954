"""Several devices under JAX, by `keras.distribution`.

The step is one program for the whole batch, and the compiler parts it: draws,
means and batch statistics are those of one device. Several processes run the same
program, each with its rows of the batch. What is not a batch lies whole on all devices.
"""

import math

import jax
import keras
import numpy as np

from keras_gan.backend import single_device
from keras_gan.backend.single_device import (
    all_gather,
    check_equal_shares,
    mean_over_replicas,
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


def num_processes(model):
    """How many processes train the model together."""
    return jax.process_count()


def is_chief(model):
    """Return whether this process is the one that writes files."""
    return jax.process_index() == 0


def any_process(model, flag):
    """Return whether a flag is set in any process; all of them have to ask."""
    if jax.process_count() == 1:
        return flag
    from jax.experimental import multihost_utils  # which few need

    return bool(multihost_utils.process_allgather(np.array(flag)).any())


def check_scope(model, players, optimizers):
    """See that the devices of all processes share a batch.

    Raises:
        ValueError: if several processes run, and Keras has no distribution over all of
            their devices that leaves it to the data which process reads what.
    """
    if jax.process_count() == 1:
        return
    distribution = keras.distribution.distribution()
    shards = getattr(distribution, "auto_shard_dataset", False)
    if shards or num_devices(model) != jax.device_count():
        raise ValueError(
            f"JAX runs {jax.process_count()} processes with {jax.device_count()} "
            "devices, which are to share every batch. Before anything is built, call "
            "`keras.distribution.set_distribution(keras.distribution.DataParallel("
            "auto_shard_dataset=False))`; see docs/scaling.md. Received: the "
            f"distribution {distribution}, "
            f"auto_shard_dataset={shards}, over {num_devices(model)} devices."
        )


def check_data(model, data, batch_size):
    """See that every process can get its own part of every batch.

    Raises:
        ValueError: if not.
    """
    if jax.process_count() > 1:
        raise ValueError(
            "Several processes train together, and nothing says which of them is to "
            f"see which part of a {type(data).__name__}. Pass a dataset of "
            "`keras_gan.datasets`, such as `Batches(images, batch_size=...)`, with the "
            "batch size of all processes together."
        )


def distribute_data(model, data, place, num_parts):
    """Let every process read its rows of every batch of a seeded dataset.

    Args:
        model: the model in `fit`.
        data: a dataset whose `batch` is a function of the step.
        place: `epoch, step` of the next step to take, to which the data are wound.
        num_parts: int, into how many parts a step splits a batch.

    Returns:
        `data, steps_per_epoch` for Keras' `fit`.
    """
    if jax.process_count() > 1:
        data = data.share(jax.process_index(), jax.process_count())
    return data, None


def predict(model, inputs, batch_size):
    """What a model makes of arrays, each batch filled up so that it can be parted."""
    devices = num_devices(model)
    if devices == 1:
        return single_device.predict(model, inputs, batch_size)
    if jax.process_count() > 1:
        return _predict_alone(model, inputs, batch_size)
    num_rows = len(keras.tree.flatten(inputs)[0])
    missing = -num_rows % devices
    batch_size += -batch_size % devices
    if missing:
        inputs = keras.tree.map_structure(
            lambda a: np.concatenate([a, np.repeat(a[-1:], missing, axis=0)]), inputs
        )
    return model.predict(inputs, batch_size=batch_size, verbose=0)[:num_rows]


def _predict_alone(model, inputs, batch_size):
    """What a model makes of arrays, all of it computed by every process that asks."""
    mesh = keras.distribution.distribution().device_mesh.backend_mesh
    whole = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    moved = [v.value for v in model.trainable_variables]
    kept = [v.value for v in model.non_trainable_variables]

    @jax.jit
    def forward(moved, kept, inputs):
        return model.stateless_call(moved, kept, inputs, training=False)[0]

    num_rows = len(keras.tree.flatten(inputs)[0])
    parts = [
        keras.tree.map_structure(
            lambda a, i=i: jax.make_array_from_process_local_data(
                whole, np.asarray(a[i : i + batch_size])
            ),
            inputs,
        )
        for i in range(0, num_rows, batch_size)
    ]
    return np.concatenate([np.asarray(forward(moved, kept, part)) for part in parts])
