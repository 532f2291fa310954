"""Several processes under torch: not supported, and refused."""

import torch

from keras_gan.backend.single_device import (
    all_gather,
    any_process,
    check_data,
    check_equal_shares,
    distribute_data,
    is_chief,
    mean_over_replicas,
    num_devices,
    num_processes,
    num_replicas,
    per_replica_seeds,
    predict,
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


def check_scope(model, players, optimizers):
    """See that no other process believes to train the same model."""
    distributed = torch.distributed
    if not (distributed.is_available() and distributed.is_initialized()):
        return
    if distributed.get_world_size() > 1:
        raise ValueError(
            f"torch.distributed runs {distributed.get_world_size()} processes. Keras' "
            "torch backend has no data parallel training, and these would train a "
            "model each. Use the TensorFlow backend with `tf.distribute`, or JAX with "
            "`keras.distribution.DataParallel`; see docs/scaling.md."
        )
