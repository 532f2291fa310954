"""Derivatives under JAX: the stateful step, made pure by scopes.

JAX differentiates functions without side effects, and Keras layers have some:
they read variables, move averages and advance seeds. Inside a
`keras.StatelessScope` those reads and writes go to a table of values instead.
The scopes here nest: an inner one sees the values of the outer one.
"""

import jax
import keras


class _Scope(keras.StatelessScope):
    """A scope that sees its enclosing scope and lists what was changed in it."""

    def __init__(self, values=()):
        super().__init__(values)
        self.changed = {}

    def get_current_value(self, variable):
        value = super().get_current_value(variable)
        if value is None and self.original_scope is not None:
            return self.original_scope.get_current_value(variable)
        return value

    def add_update(self, update):
        super().add_update(update)
        self.changed[id(update[0])] = update[0]


class _Pure:
    """A stateful function as a pure one of the variables' values."""

    def __init__(self, fn, variables):
        self.fn = fn
        self.variables = variables
        self.values = [variable.value for variable in variables]

    def __call__(self, values, *args):
        with _Scope(zip(self.variables, values, strict=True)) as scope:
            outputs = self.fn(*args)
        self.changed = list(scope.changed.values())
        return outputs, [scope.get_current_value(v) for v in self.changed]

    def put_back(self, new_values):
        for variable, value in zip(self.changed, new_values, strict=True):
            variable.assign(value)


def train_step(model, state, data):
    """Run `model.learn` on the state that `fit` hands over, and hand back the new."""
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
    with _Scope(pairs) as scope:
        logs = model.learn(data)
    return logs, tuple([scope.get_current_value(v) for v in group] for group in groups)


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says: on all devices."""
    return True


def has_fast_strides():
    """No: Keras' convolutions of stride 2 are as they should be."""
    return False


halve = double = None  # nobody asks for them


def settle(model):
    """Put the state that `fit` carries back into the model's variables."""
    model.jax_state_sync()


def gradients(loss_fn, variables):
    """The gradient of a loss with respect to variables.

    See `keras_gan/backend/tensorflow.py` for what every backend promises.
    """
    pure = _Pure(loss_fn, variables)

    def loss_first(values):
        (loss, aux), new_values = pure(values)
        return loss, (aux, new_values)

    (loss, (aux, new_values)), grads = jax.value_and_grad(loss_first, has_aux=True)(
        pure.values
    )
    pure.put_back(new_values)
    return (loss, aux), grads


def pullback(fn, variables):
    """Run a function now, and take its gradient later."""
    pure = _Pure(fn, variables)
    outputs, pull, new_values = jax.vjp(pure, pure.values, has_aux=True)
    pure.put_back(new_values)
    return outputs, lambda upstream: pull(upstream)[0]


def input_gradient(fn, inputs):
    """The gradient of a function with respect to its input."""
    pure = _Pure(fn, [])

    def total(inputs):
        outputs, new_values = pure([], inputs)
        return jax.tree.leaves(outputs)[0].sum(), (outputs, new_values)

    gradient, (outputs, new_values) = jax.grad(total, has_aux=True)(inputs)
    pure.put_back(new_values)
    return outputs, gradient


def pullbacks(fn, variables, inputs):
    """Run a function now, and take two gradients of that one pass later."""
    pure = _Pure(fn, variables)
    outputs, pull, new_values = jax.vjp(pure, pure.values, inputs, has_aux=True)
    pure.put_back(new_values)

    def pull_some(upstream):
        pairs = zip(outputs, upstream, strict=True)
        return pull([jax.numpy.zeros_like(o) if u is None else u for o, u in pairs])

    return (
        outputs,
        lambda upstream: pull_some(upstream)[0],
        lambda upstream: pull_some(upstream)[1],
    )


def looking(fn):
    """A function that only looks: what `fn` would change in variables is dropped."""

    def look(*args):
        with _Scope():
            return fn(*args)

    return look


def after(done, values):
    """The same values, to be computed on only when something else is done."""
    return jax.lax.optimization_barrier((done, values))[1]


def divisible(inputs, number, complaint):
    """Nothing to do: shapes are known."""
    return inputs


def apply(optimizer, gradients, variables, sound):
    """Take an optimizer's step, unless the gradients are unsound."""
    old = [v.value for v in variables], [v.value for v in optimizer.variables]
    new = optimizer.stateless_apply(old[1], gradients, old[0])
    for group, new_values, old_values in zip(
        (variables, optimizer.variables), new, old, strict=True
    ):
        for variable, n, o in zip(group, new_values, old_values, strict=True):
            variable.assign(jax.numpy.where(sound, n, o))


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
