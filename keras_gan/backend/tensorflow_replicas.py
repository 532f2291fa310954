"""Several devices and machines under TensorFlow, by `tf.distribute`.

Every replica runs the same step on its part of the batch. Gradients, the logits that
an augmentation adapts to and the latents of the whole batch are made the same on all
replicas. Their other random numbers are made different.
"""

import contextlib

import keras
import tensorflow as tf

from keras_gan.backend import single_device
from keras_gan.backend.tensorflow_data import (
    active_strategy,
    check_data,
    distribute_data,
    num_processes,
)

__all__ = [
    "all_gather",
    "any_process",
    "apply_gradients",
    "as_logs",
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

_SUPPORTED = (
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
    tf.distribute.OneDeviceStrategy,
    tf.distribute.TPUStrategy,
)
_STRIDE = 0x9E3779B9  # from one replica's seed to the next


def num_replicas():
    """Return the number of replicas that run the current step."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def num_devices(model):
    """Return the number of parts into which `fit` splits a batch."""
    return model.distribute_strategy.num_replicas_in_sync


def is_chief(model):
    """Return whether this process is the one that writes files."""
    return model.distribute_strategy.extended.should_checkpoint


def any_process(model, flag):
    """Return whether a flag is set in any of the processes that train the model.

    All of them have to ask at the same point between two steps.

    Args:
        model: the model in `fit`.
        flag: bool, of this process.
    """
    if num_processes(model) == 1:
        return flag
    strategy = model.distribute_strategy
    number = strategy.run(lambda: tf.constant(float(flag)))
    return bool(strategy.reduce(tf.distribute.ReduceOp.SUM, number, axis=None) > 0)


def check_scope(model, players, optimizers):
    """Check that all that training changes belongs to one strategy.

    Args:
        model: the model to compile.
        players: dict from names to lists of `keras.Model`s.
        optimizers: dict from names to optimizers.

    Raises:
        ValueError: if it does not, or if the strategy is not supported.
    """
    strategy = active_strategy(tf.distribute.get_strategy())
    owners = {"the model": model._distribute_strategy}
    for name, networks in players.items():
        for network in networks:
            owners[f"the {name}"] = network._distribute_strategy
    for name, optimizer in optimizers.items():
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        owners[f"the {name}'s optimizer"] = active_strategy(
            inner._distribution_strategy
        )
    strangers = [name for name, owner in owners.items() if owner is not strategy]
    if strangers:
        raise ValueError(
            "Under `tf.distribute` the networks, the model and its optimizers are "
            "created, and the model is compiled, inside one `with strategy.scope():`. "
            f"Created in another scope than `compile`: {', '.join(strangers)}."
        )
    if strategy is not None and not isinstance(strategy, _SUPPORTED):
        raise ValueError(
            f"{type(strategy).__name__} is not supported: its replicas do not take "
            "their steps together. Use `tf.distribute.MirroredStrategy` or "
            "`tf.distribute.MultiWorkerMirroredStrategy`."
        )


@contextlib.contextmanager
def per_replica_seeds(states):
    """Let every replica draw different random numbers inside the context.

    Args:
        states: the states of all random generators, the same on all replicas.
    """
    _shift_seeds(states, 1)
    yield
    _shift_seeds(states, -1)


def sample_global(sample, num_rows, num_parts, generator):
    """Draw for the whole batch, and return this replica's rows.

    All replicas together use the numbers that one device would. Each draws all of
    them, which costs next to nothing for latents.

    Args:
        sample: function from a number of rows to a tensor `(num_rows, ...)`.
        num_rows: int, the rows of this replica.
        num_parts: int, into how many parts these are split; each part is divided among
            the replicas by itself, as `distribute_data` divides data.
        generator: the `keras.random.SeedGenerator` that `sample` uses.
    """
    replicas = num_replicas()
    if replicas == 1:
        return sample(num_rows)
    _shift_seeds([generator.state], -1)
    rows = sample(num_rows * replicas)
    _shift_seeds([generator.state], 1)
    shares = tf.reshape(rows, (num_parts, replicas, -1, *rows.shape[1:]))
    own = tf.gather(shares, _replica_id(), axis=1)
    return tf.reshape(own, (num_rows, *rows.shape[1:]))


def mean_over_replicas(values):
    """Return the mean of tensors over all replicas.

    Args:
        values: list of tensors; None may be in it.
    """
    if not tf.distribute.has_strategy():
        return values
    share = 1.0 / num_replicas()
    shares = [tf.math.scalar_mul(share, v) for v in values if v is not None]
    replica = tf.distribute.get_replica_context()
    means = iter(replica.all_reduce(tf.distribute.ReduceOp.SUM, shares))
    return [None if value is None else next(means) for value in values]


def all_gather(rows):
    """Return the rows of all replicas: `(batch / replicas, ...)` to `(batch, ...)`."""
    if num_replicas() == 1:
        return rows
    return tf.distribute.get_replica_context().all_gather(rows, axis=0)


def as_logs(logs):
    """Return a step's logs as `fit` takes them: several workers' with an axis."""
    extended = tf.distribute.get_strategy().extended
    if getattr(extended, "_num_workers", 1) == 1:
        return logs
    return {name: value[None] for name, value in logs.items()}


def apply_gradients(optimizer, update, gradients, is_finite):
    """Let all replicas apply an update, or none.

    An optimizer does part of its work once for all replicas, which one replica's
    branch cannot contain. So the conditional surrounds all replicas.

    Args:
        optimizer: a built `keras.optimizers.Optimizer`.
        update: function of gradients that applies the optimizer's update.
        gradients: list of tensors, the same on all replicas.
        is_finite: bool scalar, the same on all replicas.
    """
    # Keras would sum the gradients over the replicas again. Clipping and the check
    # for infinities are meant for the sum that they are already.
    for one in (optimizer, getattr(optimizer, "inner_optimizer", optimizer)):
        one._all_reduce_sum_gradients = list

    def update_all(strategy, gradients, is_finite):
        def update_each():
            strategy.extended.call_for_each_replica(update, args=(gradients,))

        local = strategy.experimental_local_results(is_finite)[0]
        tf.cond(local, update_each, lambda: None)

    if tf.__internal__.distribute.strategy_supports_no_merge_call():
        tf.cond(is_finite, lambda: update(gradients), lambda: None)
    else:
        replica = tf.distribute.get_replica_context()
        replica.merge_call(update_all, args=(gradients, is_finite))


def check_equal_shares(num_rows):
    """Stop if the replicas received different numbers of images.

    A mean over replicas would weigh each image of a smaller part more.
    """
    if num_replicas() == 1 or isinstance(num_rows, int):
        return
    num_rows = tf.cast(num_rows, "float32")
    replica = tf.distribute.get_replica_context()
    total, squares = replica.all_reduce(
        tf.distribute.ReduceOp.SUM, [num_rows, num_rows**2]
    )
    tf.debugging.assert_equal(
        squares * num_replicas(),
        total**2,
        "A batch does not split into equal parts for all replicas. Leave the last, "
        "smaller one out: `.batch(batch_size, drop_remainder=True)`.",
    )


def _replica_id():
    return tf.distribute.get_replica_context().replica_id_in_sync_group


def _shift_seeds(states, sign):
    if num_replicas() == 1:
        return
    distance = sign * _STRIDE * tf.cast(_replica_id(), "int64")
    for state in states:
        state.assign(state.value + tf.stack([distance, tf.zeros_like(distance)]))


def predict(model, inputs, batch_size):
    """Return a model's outputs for arrays, computed by this process alone."""
    if active_strategy(model.distribute_strategy) is None:
        return single_device.predict(model, inputs, batch_size)
    flat = keras.tree.flatten(inputs)
    parts = [
        model(keras.tree.map_structure(lambda a, i=i: a[i : i + batch_size], inputs))
        for i in range(0, len(flat[0]), batch_size)
    ]
    return tf.concat(parts, axis=0).numpy()
