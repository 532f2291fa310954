"""Derivatives under TensorFlow: tapes that watch only what they are asked to.

The docstrings here are the contract for every backend.
"""

import contextlib

import tensorflow as tf

from keras_gan.backend import (
    tensorflow_replicas,
    tensorflow_strides,
)

halve = tensorflow_strides.halve
double = tensorflow_strides.double


def train_step(model, data):
    """Run `model.run_step` as it is: `fit` has wrapped it in a `tf.function`."""
    return tensorflow_replicas.as_logs(model.run_step(data))


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says.

    By XLA on one GPU. Not on a processor, where XLA's convolutions are slower than
    those of TensorFlow's own graph: see docs/performance.md.
    """
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    return has_gpu and not tf.distribute.has_strategy()


def jit(fn):
    """Compile a function of tensors that is called many times.

    Args:
        fn: function of tensors, without gradients around it.

    Returns:
        A function with the arguments and outputs of `fn`.
    """
    return tf.function(fn, autograph=False, jit_compile=should_jit_compile())


def accelerator_has_bfloat16():
    """Whether the accelerator multiplies in bfloat16; None without an accelerator."""
    if tf.config.list_physical_devices("TPU"):
        return True
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return None
    details = (tf.config.experimental.get_device_details(gpu) for gpu in gpus)
    return all(each.get("compute_capability", (0, 0)) >= (8, 0) for each in details)


def has_fast_strides():
    """Whether `halve` and `double` are faster than Keras' convolutions."""
    return not tf.config.list_physical_devices("GPU")


def sync_state(model):
    """Do nothing: variables hold their values during `fit`."""


def joint_gradients(loss_fn, inputs, sources):
    """Return the gradients of several losses, from one forward pass.

    What the function changes in variables stays changed, here and below.

    Args:
        loss_fn: function of the inputs that returns `(losses, aux)`, a list of
            scalars and any nest of tensors.
        inputs: list of tensors.
        sources: for each loss, a list of what to differentiate it by: a Keras
            variable, or the index of an input.

    Returns:
        `(losses, aux), gradients`: for each loss the list of its gradients, in the
        order of its sources; None where the loss does not depend on a source.
    """
    # A tape for each loss: a persistent one cannot follow a conditional's gradient.
    with contextlib.ExitStack() as stack:
        tapes = []
        for group in sources:
            tape = tf.GradientTape(watch_accessed_variables=False)
            tapes.append(stack.enter_context(tape))
            tape.watch([inputs[s] if isinstance(s, int) else s.value for s in group])
        losses, aux = loss_fn(*inputs)
    gradients = []
    for tape, loss, group in zip(tapes, losses, sources, strict=True):
        wanted = [inputs[s] if isinstance(s, int) else s.value for s in group]
        gradients.append(_dense(tape.gradient(loss, wanted)))
    return (losses, aux), gradients


def vjp(fn, variables):
    """Run a function now; return its outputs and their vector-Jacobian product.

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
    """Return a function's outputs, and their gradient with respect to its input.

    Within `gradients` the result can be differentiated again.

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


def control_dependency(done, values):
    """Return the same values, computed on only after something else is done.

    Args:
        done: nest of tensors; None may be in it.
        values: nest of tensors; None may be in it.
    """
    done = [tensor for tensor in tf.nest.flatten(done) if tensor is not None]
    with tf.control_dependencies(done):
        return tf.nest.map_structure(
            lambda value: None if value is None else tf.identity(value), values
        )


def assert_divisible(inputs, number, complaint):
    """Return the inputs, checked where their rows are counted only when a step runs.

    Args:
        inputs: tensor `(batch, ...)`, whose batch may be None.
        number: int, which must divide the batch.
        complaint: str, what the `InvalidArgumentError` says if it does not, before
            the number of rows.
    """
    num_rows = tf.shape(inputs)[0]
    divides = tf.equal(num_rows % number, 0)
    with tf.control_dependencies([tf.debugging.Assert(divides, [complaint, num_rows])]):
        return tf.identity(inputs)


def apply_gradients(optimizer, gradients, variables, is_finite):
    """Apply an optimizer's update, unless the gradients are not finite.

    Args:
        optimizer: a built `keras.optimizers.Optimizer`.
        gradients: list of tensors.
        variables: list of Keras variables, some or all of the optimizer's. Others do
            not move.
        is_finite: bool scalar; where False, no variable changes.
    """

    def update(gradients):
        optimizer.apply(gradients, variables)

    if tf.distribute.has_strategy():
        tensorflow_replicas.apply_gradients(optimizer, update, gradients, is_finite)
    else:
        tf.cond(is_finite, lambda: update(gradients), lambda: None)


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
