"""Derivatives under TensorFlow: tapes that watch only what they are asked to.

What every backend promises is written here.
"""

import keras
import tensorflow as tf

from keras_gan.backend import (
    tensorflow_adam,
    tensorflow_replicas,
    tensorflow_strides,
)

halve = tensorflow_strides.halve
double = tensorflow_strides.double


def train_step(model, data):
    """Run `model.learn` as it stands: `fit` has wrapped it in a `tf.function`."""
    return tensorflow_replicas.as_reported(model.learn(data))


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says.

    By XLA on one GPU. Not on a processor, where XLA's convolutions are slower than
    those of TensorFlow's own graph: see docs/performance.md.
    """
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    return has_gpu and not tf.distribute.has_strategy()


def has_fast_strides():
    """Whether `halve` and `double` are faster than Keras' convolutions."""
    return not tf.config.list_physical_devices("GPU")


def settle(model):
    """Nothing to do: variables hold their values during `fit`."""


def gradients(loss_fn, variables):
    """The gradient of a loss with respect to variables.

    Args:
        loss_fn: function of nothing that returns `(loss, aux)`; what it changes
            in other variables (moving averages, seeds) stays changed.
        variables: list of Keras variables.

    Returns:
        `(loss, aux), grads`, the gradients in the order of the variables.
    """
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, aux = loss_fn()
    return (loss, aux), _dense(tape.gradient(loss, values))


def pullback(fn, variables):
    """Run a function now, and take its gradient later.

    Args:
        fn: function of nothing that returns a tensor.
        variables: list of Keras variables.

    Returns:
        `outputs, pull`. `pull(upstream)`, to be called once, takes the gradient
        of a loss with respect to the outputs and returns the gradients with
        respect to the variables.
    """
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        outputs = fn()
    return outputs, lambda upstream: _dense(tape.gradient(outputs, values, upstream))


def input_gradient(fn, inputs):
    """The gradient of a function with respect to its input.

    Within `gradients` the result can be differentiated again. What the function
    changes in variables stays changed, unless it is wrapped by `looking`.

    Args:
        fn: function of one tensor; an output that is no scalar is summed, and of a
            list of outputs the gradient is that of the first.
        inputs: float tensor.

    Returns:
        `fn(inputs), gradient`, the gradient in the shape of the input.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        outputs = fn(inputs)
    return outputs, tape.gradient(tf.nest.flatten(outputs)[0], inputs)


def pullbacks(fn, variables, inputs):
    """Run a function now, and take two gradients of that one pass later.

    Args:
        fn: function of one tensor that returns a list of tensors.
        variables: list of Keras variables.
        inputs: float tensor.

    Returns:
        `outputs, to_variables, to_inputs`. Each of the two takes a list of upstream
        gradients, one for each output or None for an output that does not count,
        and gives the gradients with respect to the variables, or to the inputs.
    """
    values = [variable.value for variable in variables]
    tape = tf.GradientTape(watch_accessed_variables=False, persistent=True)
    with tape:
        tape.watch(values)
        tape.watch(inputs)
        outputs = fn(inputs)

    def pull(upstream, sources):
        pairs = [
            (o, u) for o, u in zip(outputs, upstream, strict=True) if u is not None
        ]
        targets, upstream = zip(*pairs, strict=True)
        return tape.gradient(targets, sources, upstream)

    return (
        outputs,
        lambda upstream: _dense(pull(upstream, values)),
        lambda upstream: pull(upstream, inputs),
    )


def looking(fn):
    """A function that only looks: what `fn` would change in variables is dropped."""

    def look(*args):
        with keras.StatelessScope():
            return fn(*args)

    return look


def after(done, values):
    """The same values, to be computed on only when something else is done.

    Args:
        done: nest of tensors.
        values: nest of tensors; None may be in it.
    """
    with tf.control_dependencies(tf.nest.flatten(done)):
        return tf.nest.map_structure(
            lambda value: None if value is None else tf.identity(value), values
        )


def divisible(inputs, number, complaint):
    """The same tensor, where its number of rows is known only when the step runs.

    Args:
        inputs: tensor `(batch, ...)`, whose batch may be None.
        number: int, to divide the batch.
        complaint: str, what the `InvalidArgumentError` says if it does not, before
            it tells the number of rows.
    """
    num_rows = tf.shape(inputs)[0]
    divides = tf.equal(num_rows % number, 0)
    with tf.control_dependencies([tf.debugging.Assert(divides, [complaint, num_rows])]):
        return tf.identity(inputs)


def apply(optimizer, gradients, variables, sound):
    """Take an optimizer's step, unless the gradients are unsound.

    Args:
        optimizer: a built `keras.optimizers.Optimizer`.
        gradients: list of tensors.
        variables: list of Keras variables.
        sound: bool scalar; where False, nothing moves.
    """

    def move(gradients):
        if tensorflow_adam.can_step(optimizer, gradients):
            tensorflow_adam.step(optimizer, gradients, variables)
        else:
            optimizer.apply(gradients, variables)

    if tf.distribute.has_strategy():
        tensorflow_replicas.apply(optimizer, move, gradients, sound)
    else:
        tf.cond(sound, lambda: move(gradients), lambda: None)


def move_averages(averages, variables, decay):
    """Move averages towards variables: `decay * average + (1 - decay) * variable`.

    Args:
        averages: list of Keras variables.
        variables: list of Keras variables.
        decay: float scalar.
    """
    for average, variable in zip(averages, variables, strict=True):
        average.value.assign_sub((1.0 - decay) * (average.value - variable.value))


def normalize_batch(inputs, gamma, beta, epsilon):
    """Batch normalisation over all axes but the last, in one kernel.

    Args:
        inputs: tensor `(batch, ..., channels)`.
        gamma: float32 tensor `(channels,)`.
        beta: float32 tensor `(channels,)`.
        epsilon: float.

    Returns:
        `outputs, mean, variance`, the last two float32 `(channels,)`, and the
        variance that of the batch, not the estimate for a population.
    """
    rows = tf.reshape(inputs, (1, -1, 1, inputs.shape[-1]))
    outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=rows,
        scale=gamma,
        offset=beta,
        mean=tf.zeros((0,)),
        variance=tf.zeros((0,)),
        epsilon=epsilon,
        is_training=True,
    )
    num = tf.cast(tf.shape(rows)[1], "float32")
    return (
        tf.reshape(outputs, tf.shape(inputs)),
        mean,
        variance * (num - 1.0) / tf.maximum(num, 1.0),
    )


def keep_mask(shape, rate, seed):
    """A random mask, False with probability `rate`, from 16 bits for each value.

    Args:
        shape: shape of the mask.
        rate: float from 0 to 1, rounded to a multiple of 1/65536.
        seed: tensor `(2,)`, as `SeedGenerator.next` gives it.

    Returns:
        bool tensor.
    """
    num_values = tf.reduce_prod(shape)
    words = tf.random.stateless_uniform(
        ((num_values + 1) // 2,), tf.cast(seed, "int32"), None, None, "int32"
    )
    bits = tf.reshape(tf.bitcast(words, "uint16"), (-1,))[:num_values]
    return tf.reshape(bits >= tf.constant(round(rate * 2**16), "uint16"), shape)


def _dense(gradients):
    """Tensors, for sums and kernels: the gradients of embeddings come as slices."""
    return [g if g is None else tf.convert_to_tensor(g) for g in gradients]
