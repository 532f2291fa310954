"""Derivatives under JAX: the stateful step as a pure function of its state.

JAX differentiates functions without side effects, and Keras layers have some:
they read variables, move averages and advance seeds. Inside a
`Scope` those reads and writes go to a table of values instead.
"""

import jax

from keras_gan.backend.scopes import Scope


class _Pure:
    """A stateful function as a pure one of the variables' values."""

    def __init__(self, fn, variables):
        self.fn = fn
        self.variables = variables
        self.values = [variable.value for variable in variables]

    def __call__(self, values, *args):
        with Scope(zip(self.variables, values, strict=True)) as scope:
            outputs = self.fn(*args)
        self.scope, self.changed = scope, list(scope.changed.values())
        return outputs, [scope.get_current_value(v) for v in self.changed]

    def put_back(self, new_values):
        for variable, value in zip(self.changed, new_values, strict=True):
            self.scope.commit(variable, value)


def train_step(model, state, data):
    """Run `model.run_step` on the state that `fit` passes in; return the new state."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.optimizer.variables,
        model.metrics_variables,
    )
    pairs = [
        pair
        for group, values in zip(groups, state, strict=True)
        for pair in zip(group, values, strict=True)
    ]
    with Scope(pairs) as scope:
        logs = model.run_step(data)
    return logs, tuple([scope.get_current_value(v) for v in group] for group in groups)


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says: on all devices."""
    return True


def jit(fn):
    """Compile a function of tensors that is called many times."""
    return jax.jit(fn)


def accelerator_has_bfloat16():
    """Whether the accelerator multiplies in bfloat16; None without an accelerator."""
    device = jax.devices()[0]
    if device.platform != "gpu":
        return True if device.platform == "tpu" else None
    major = str(device.compute_capability).split(".")[0]
    return major.isdigit() and int(major) >= 8  # no digits: not from NVIDIA


def has_fast_strides():
    """No: Keras' convolutions of stride 2 are as they should be."""
    return False


halve = double = None  # nobody asks for them


def sync_state(model):
    """Put the state that `fit` carries back into the model's variables."""
    model.jax_state_sync()


def joint_gradients(loss_fn, inputs, sources):
    """Return the gradients of several losses, from one forward pass.

    See `keras_gan/backend/tensorflow.py` for the contract of every function.
    """
    variables = _distinct(s for group in sources for s in group if not _is_index(s))
    pure = _Pure(loss_fn, variables)

    def losses_first(values, inputs):
        (losses, aux), new_values = pure(values, *inputs)
        return losses, (aux, new_values)

    losses, pull, (aux, new_values) = jax.vjp(
        losses_first, pure.values, list(inputs), has_aux=True
    )
    pure.put_back(new_values)
    index = {id(variable): i for i, variable in enumerate(variables)}
    gradients = []
    for i, group in enumerate(sources):
        upstream = [
            (jax.numpy.ones_like if i == j else jax.numpy.zeros_like)(loss)
            for j, loss in enumerate(losses)
        ]
        of_values, of_inputs = pull(upstream)
        gradients.append(
            [of_inputs[s] if _is_index(s) else of_values[index[id(s)]] for s in group]
        )
    return (losses, aux), gradients


def vjp(fn, variables):
    """Run a function now; return its outputs and their vector-Jacobian product."""
    pure = _Pure(fn, variables)
    outputs, pull, new_values = jax.vjp(pure, pure.values, has_aux=True)
    pure.put_back(new_values)
    return outputs, lambda upstream: pull(upstream)[0]


def input_gradient(fn, inputs):
    """Return a function's outputs, and their gradient with respect to its input."""
    pure = _Pure(fn, [])

    def total(inputs):
        outputs, new_values = pure([], inputs)
        return jax.tree.leaves(outputs)[0].sum(), (outputs, new_values)

    gradient, (outputs, new_values) = jax.grad(total, has_aux=True)(inputs)
    pure.put_back(new_values)
    return outputs, gradient


def control_dependency(done, values):
    """Return the same values, computed on only after something else is done."""
    return jax.lax.optimization_barrier((done, values))[1]


def assert_divisible(inputs, number, complaint):
    """Return the inputs: shapes are known while a step is traced."""
    return inputs


def apply_gradients(optimizer, gradients, variables, is_finite):
    """Apply an optimizer's update, unless the gradients are not finite."""
    # Keras takes all variables here: those that do not move get a gradient of 0, and
    # keep their values, which momentum would change.
    given = {id(v): g for v, g in zip(variables, gradients, strict=True)}
    known = getattr(optimizer, "inner_optimizer", optimizer)._trainable_variables
    gradients = [given.get(id(v), jax.numpy.zeros_like(v.value)) for v in known]
    state = optimizer.variables
    values, new_state = optimizer.stateless_apply(
        [v.value for v in state], gradients, [v.value for v in known]
    )
    moved = [(v, new) for v, new in zip(known, values, strict=True) if id(v) in given]
    for variable, new in [*moved, *zip(state, new_state, strict=True)]:
        variable.assign(jax.numpy.where(is_finite, new, variable.value))


def move_averages(averages, variables, decay):
    """Move averages towards variables: `decay * average + (1 - decay) * variable`."""
    for average, variable in zip(averages, variables, strict=True):
        mean, value = average.value, variable.value
        average.assign(value + decay * (mean - value))


def normalize_batch(inputs, gamma, beta, epsilon):
    """Batch normalisation over all axes but the last; the compiler fuses it."""
    inputs_dtype, inputs = inputs.dtype, inputs.astype("float32")
    axes = tuple(range(inputs.ndim - 1))
    mean = inputs.mean(axes)
    variance = jax.numpy.square(inputs - mean).mean(axes)
    scale = gamma * jax.lax.rsqrt(variance + epsilon)
    outputs = (inputs - mean) * scale + beta
    return outputs.astype(inputs_dtype), mean, variance


def keep_mask(shape, rate, seed):
    """A random mask, False with probability `rate`, from 16 bits for each value."""
    bits = jax.random.bits(jax.random.wrap_key_data(seed), shape, "uint16")
    return bits >= round(rate * 2**16)


def _is_index(source):
    return isinstance(source, int)


def _distinct(variables):
    return list({id(variable): variable for variable in variables}.values())
