"""Scopes that decide which updates of variables are kept.

Keras layers update variables while they run: batch statistics, the vectors of a
spectral norm, the states of random generators. A network that is only evaluated, as
the discriminator is in the generator's step, must keep its statistics. Its random
states must advance all the same, or the next step would draw the same numbers.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

import keras
import numpy as np
from keras import ops


class Scope(keras.StatelessScope):
    """A stateless scope that reads through to the one around it.

    Args:
        values: pairs of a variable and its value inside the scope.

    `changed` lists the variables that were assigned, and `num_updates` how often.
    """

    def __init__(self, values=()):
        super().__init__(values)
        self.changed = {}
        self.num_updates = {}

    def get_current_value(self, variable):
        value = super().get_current_value(variable)
        if value is None and self.original_scope is not None:
            return self.original_scope.get_current_value(variable)
        return value

    def add_update(self, update):
        super().add_update(update)
        key = id(update[0])
        self.changed[key] = update[0]
        self.num_updates[key] = self.num_updates.get(key, 0) + 1

    def commit(self, variable, value):
        """Assign a value found here in the surrounding scope, with its updates."""
        variable.assign(value)
        if isinstance(self.original_scope, Scope):
            # `assign` counted one update there; these were several.
            self.original_scope.num_updates[id(variable)] += (
                self.num_updates[id(variable)] - 1
            )


def is_random_state(variable: keras.Variable) -> bool:
    """Whether a variable is the state of a `keras.random.SeedGenerator`."""
    return variable.name == "seed_generator_state"


def without_updates(fn: Callable, frozen: Collection[int] | None = None) -> Callable:
    """Wrap a function so that its updates of variables are dropped.

    The states of random generators advance all the same.

    Args:
        fn: function of tensors.
        frozen: ids of the variables whose updates are dropped; None for all.

    Returns:
        A function with the arguments and outputs of `fn`.
    """

    def run(*args):
        with Scope() as scope:
            outputs = fn(*args)
        for key, variable in scope.changed.items():
            is_kept = frozen is not None and key not in frozen
            if is_kept or is_random_state(variable):
                scope.commit(variable, scope.get_current_value(variable))
        return outputs

    return run


def cond_without_updates(is_due, fn: Callable[[], Any], shape: tuple = ()):
    """Return the float tensor of a function where it is due, and zeros elsewhere.

    The function's updates of variables are dropped. Random states advance by the
    numbers that it draws, also where a compiled step skips it: a branch of a
    conditional cannot hand out updates.

    Args:
        is_due: bool scalar.
        fn: function of nothing that returns a float tensor.
        shape: tuple, the shape of the tensor.
    """
    draws = {}

    def branch():
        with Scope() as scope:
            value = fn()
        for key, variable in scope.changed.items():
            if is_random_state(variable):
                draws[key] = variable, scope.num_updates[key]
        return value

    try:
        value = ops.cond(is_due, branch, lambda: ops.zeros(shape))
    except AssertionError:
        # TensorFlow, which cannot follow the gradient of batch normalisation through a
        # conditional for several losses: it is computed where it is not due, too.
        value = ops.where(is_due, branch(), ops.zeros(shape))
    for variable, num_draws in draws.values():
        step = ops.convert_to_tensor(np.array([0, num_draws]), variable.dtype)
        variable.assign(ops.add(variable, step))
    return value


@contextlib.contextmanager
def seeded(network: keras.Layer, seed: int) -> Iterator[None]:
    """Let a network draw its random numbers from a seed, inside the context.

    Every `keras.random.SeedGenerator` in it gets a state of its own. Afterwards the
    states are as they were.

    Args:
        network: a layer or model.
        seed: int, not negative.
    """
    states = [v for v in network.variables if is_random_state(v)]
    before = [ops.convert_to_numpy(state) for state in states]
    try:
        for i, state in enumerate(states):
            (word,) = np.random.SeedSequence([seed, i]).generate_state(1)
            # Half of the word: the types of states have 31 bits in common.
            state.assign(np.array([word // 2, 0]).astype(before[i].dtype))
        yield
    finally:
        for state, value in zip(states, before, strict=True):
            state.assign(value)
