"""What differs between TensorFlow, JAX and torch, under one set of names.

`train_step` runs a stateful step in what the backend's `fit` calls, and `sync_state`
ends what `fit` left open. `gradients`, `joint_gradients`, `vjp` and `input_gradient`
are the derivatives that adversarial training is made of; `without_updates` and
`cond_without_updates` keep the statistics of a network that is only evaluated.

The names of the replica modules are for steps that several devices or machines take
together, each on its part of the batch; `tensorflow_replicas.py` documents them.
"""

import importlib

import keras

from keras_gan.backend.scopes import (
    cond_without_updates,
    is_random_state,
    seeded,
    without_updates,
)

_backend = importlib.import_module(f"{__name__}.{keras.backend.backend()}")
_replicas = importlib.import_module(f"{__name__}.{keras.backend.backend()}_replicas")

sync_state = _backend.sync_state
train_step = _backend.train_step
should_jit_compile = _backend.should_jit_compile
jit = _backend.jit
joint_gradients = _backend.joint_gradients
vjp = _backend.vjp
input_gradient = _backend.input_gradient
control_dependency = _backend.control_dependency
assert_divisible = _backend.assert_divisible
apply_gradients = _backend.apply_gradients
move_averages = _backend.move_averages
keep_mask = _backend.keep_mask
normalize_batch = _backend.normalize_batch
accelerator_has_bfloat16 = _backend.accelerator_has_bfloat16
has_fast_strides = _backend.has_fast_strides
halve = _backend.halve
double = _backend.double

check_data = _replicas.check_data
check_equal_shares = _replicas.check_equal_shares
check_scope = _replicas.check_scope
sample_global = _replicas.sample_global
distribute_data = _replicas.distribute_data
is_chief = _replicas.is_chief
mean_over_replicas = _replicas.mean_over_replicas
num_devices = _replicas.num_devices
any_process = _replicas.any_process
num_processes = _replicas.num_processes
num_replicas = _replicas.num_replicas
all_gather = _replicas.all_gather
per_replica_seeds = _replicas.per_replica_seeds
predict = _replicas.predict

__all__ = [
    "accelerator_has_bfloat16",
    "all_gather",
    "any_process",
    "apply_gradients",
    "assert_divisible",
    "check_data",
    "check_equal_shares",
    "check_scope",
    "cond_without_updates",
    "control_dependency",
    "distribute_data",
    "double",
    "gradients",
    "halve",
    "has_fast_strides",
    "input_gradient",
    "is_chief",
    "is_random_state",
    "jit",
    "joint_gradients",
    "keep_mask",
    "mean_over_replicas",
    "move_averages",
    "normalize_batch",
    "num_devices",
    "num_processes",
    "num_replicas",
    "per_replica_seeds",
    "predict",
    "sample_global",
    "seeded",
    "should_jit_compile",
    "sync_state",
    "train_step",
    "vjp",
    "without_updates",
]


def gradients(loss_fn, variables):
    """Return the gradient of one loss with respect to variables.

    Args:
        loss_fn: function of nothing that returns `(loss, aux)`.
        variables: list of Keras variables.

    Returns:
        `(loss, aux), gradients`, the gradients in the order of the variables.
    """

    def losses_fn():
        loss, aux = loss_fn()
        return [loss], aux

    ((loss,), aux), (found,) = joint_gradients(losses_fn, [], [variables])
    return (loss, aux), found
