"""Several devices and machines under TensorFlow, by `tf.distribute`.

Every replica runs the same step on its part of the batch. What must be the same
everywhere is brought together here: gradients, what an augmentation adapts to, and
the numbers that are drawn for the whole batch. What must differ is told apart: the
noise.
"""

import contextlib

import keras
import tensorflow as tf

from keras_gan.backend import one_replica
from keras_gan.backend.tensorflow_data import check_data, feed, known, num_processes

__all__ = [
    "apply",
    "as_reported",
    "check_data",
    "check_equal_shares",
    "check_scope",
    "draw",
    "feed",
    "is_chief",
    "mean_over_replicas",
    "num_devices",
    "num_processes",
    "num_replicas",
    "over_replicas",
    "own_noise",
    "predict",
]

_SUPPORTED = (
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
    tf.distribute.OneDeviceStrategy,
    tf.distribute.TPUStrategy,
)
_STRIDE = 0x9E3779B9  # from one replica's seed to the next


def num_replicas():
    """How many replicas take the step that is being taken."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def num_devices(model):
    """Into how many parts `fit` splits a batch."""
    return model.distribute_strategy.num_replicas_in_sync


def is_chief(model):
    """Whether this process is the one that writes files."""
    return model.distribute_strategy.extended.should_checkpoint


def check_scope(model, players, optimizers):
    """See that all that training changes belongs to one strategy.

    Args:
        model: the model to compile.
        players: dict from names to `keras.Model`s.
        optimizers: dict from names to optimizers.

    Raises:
        ValueError: if it does not, or if the strategy is not supported.
    """
    strategy = known(tf.distribute.get_strategy())
    owners = {"the model": model._distribute_strategy}
    for name, player in players.items():
        owners[f"the {name}"] = player._distribute_strategy
    for name, optimizer in optimizers.items():
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        owners[f"the {name}'s optimizer"] = known(inner._distribution_strategy)
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
def own_noise(states):
    """Let every replica draw its own numbers inside.

    Args:
        states: the states of all random generators, the same on all replicas.
    """
    _tell_apart(states, 1)
    yield
    _tell_apart(states, -1)


def draw(sample, num_rows, num_parts, generator):
    """Draw for the whole batch, and take this replica's rows.

    So that all replicas together use the very numbers that one device would. Every
    replica draws all of them, which for latents costs next to nothing.

    Args:
        sample: function from a number of rows to a tensor `(num_rows, ...)`.
        num_rows: int, the rows of this replica.
        num_parts: int, into how many parts these are split: each is dealt out by
            itself, as `feed` deals out data.
        generator: the `keras.random.SeedGenerator` that `sample` uses.
    """
    replicas = num_replicas()
    if replicas == 1:
        return sample(num_rows)
    _tell_apart([generator.state], -1)
    rows = sample(num_rows * replicas)
    _tell_apart([generator.state], 1)
    shares = tf.reshape(rows, (num_parts, replicas, -1, *rows.shape[1:]))
    own = tf.gather(shares, _replica_id(), axis=1)
    return tf.reshape(own, (num_rows, *rows.shape[1:]))


def mean_over_replicas(values):
    """The mean over all replicas of what each of them has found.

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


def over_replicas(rows):
    """The rows of all replicas: `(batch of this one, ...)` to `(batch, ...)`."""
    if num_replicas() == 1:
        return rows
    return tf.distribute.get_replica_context().all_gather(rows, axis=0)


def as_reported(logs):
    """A step's scalars as Keras' `fit` takes them: several workers' with an axis."""
    extended = tf.distribute.get_strategy().extended
    if getattr(extended, "_num_workers", 1) == 1:
        return logs
    return {name: value[None] for name, value in logs.items()}


def apply(optimizer, move, gradients, sound):
    """Let all replicas move, or none.

    What an optimizer does is in part done for all replicas at once, which cannot be
    in one replica's branch. So the branch is put around all replicas.

    Args:
        optimizer: a built `keras.optimizers.Optimizer`.
        move: function of gradients that takes the optimizer's step.
        gradients: list of tensors, the same on all replicas.
        sound: bool scalar, the same on all replicas.
    """
    # Keras would add up the gradients of all replicas, which are added up already:
    # clipping and the look for infinities are meant for the sum.
    for one in (optimizer, getattr(optimizer, "inner_optimizer", optimizer)):
        one._all_reduce_sum_gradients = list

    def decide(strategy, gradients, sound):
        def move_all():
            strategy.extended.call_for_each_replica(move, args=(gradients,))

        tf.cond(strategy.experimental_local_results(sound)[0], move_all, lambda: None)

    if tf.__internal__.distribute.strategy_supports_no_merge_call():
        tf.cond(sound, lambda: move(gradients), lambda: None)
    else:
        replica = tf.distribute.get_replica_context()
        replica.merge_call(decide, args=(gradients, sound))


def check_equal_shares(num_rows):
    """Stop where the replicas have got different numbers of images.

    Their means would count each image of a small part for more than one of a large.
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


def _tell_apart(states, sign):
    if num_replicas() == 1:
        return
    distance = sign * _STRIDE * tf.cast(_replica_id(), "int64")
    for state in states:
        state.assign(state.value + tf.stack([distance, tf.zeros_like(distance)]))


def predict(model, inputs, batch_size):
    """What a model makes of arrays, computed by this process alone."""
    if known(model.distribute_strategy) is None:
        return one_replica.predict(model, inputs, batch_size)
    flat = keras.tree.flatten(inputs)
    parts = [
        model(keras.tree.map_structure(lambda a, i=i: a[i : i + batch_size], inputs))
        for i in range(0, len(flat[0]), batch_size)
    ]
    return tf.concat(parts, axis=0).numpy()
