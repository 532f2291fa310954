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

    def total(inputs):
        with _Scope():
            outputs = fn(inputs)
        return outputs.sum(), outputs

    gradient, outputs = jax.grad(total, has_aux=True)(inputs)
    return outputs, gradient
