"""The last operations of a network: what happens to values behind its last weights."""

import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple

import keras
import numpy as np
from keras import ops


class End(NamedTuple):
    """An operation without weights near the end of a network.

    Args:
        name: str, what to call it.
        function: from the values that go in to those that come out.
        after: from these to the output of the network; None where they are it.
        shape: tuple, of the values that go in, with None for any size.
    """

    name: str
    function: Callable
    after: Callable | None
    shape: tuple

    def run(self, values):
        """Return the output of the network for the values that go in."""
        made = self.function(values)
        return made if self.after is None else self.after(made)


def last_operations(output, after: Callable | None = None) -> Iterator[End]:
    """Yield the operations of a network, from its last one back to the last weights.

    The activation of the layer with the last weights comes at the end. The walk ends
    before an operation of several inputs, such as a sum.

    Args:
        output: symbolic output of a functional network.
        after: function from its values to what is looked at.
    """
    tensor, behind = output, after  # each operation has one input, so they compose
    while True:
        operation, number, index = tensor._keras_history
        node = operation._inbound_nodes[number]
        inputs = node.input_tensors
        inner = getattr(operation, "outputs", None)
        if inner:  # a network in the network
            yield from last_operations(inner[index], behind)
        layer = getattr(operation, "layer", operation)  # in a wrapper
        activation = getattr(layer, "activation", None)
        if activation is not None:
            name = getattr(activation, "__name__", type(activation).__name__)
            yield End(name, activation, behind, tuple(tensor.shape))
        if inner or getattr(operation, "weights", ()) or len(inputs) != 1:
            return
        (taken,) = inputs
        alone = _alone(operation, node, index, taken)
        kind = type(operation).__name__.lower()
        yield End(kind, alone, behind, tuple(taken.shape))
        tensor, behind = taken, _composed(alone, behind)


def values_of(function: Callable, inputs) -> np.ndarray | None:
    """Return what a function makes of values, float32; None where it cannot take them.

    Args:
        function: of one tensor, or a nest of tensors.
        inputs: array or nest of arrays.
    """
    inputs = keras.tree.map_structure(ops.convert_to_tensor, inputs)
    try:
        with warnings.catch_warnings(action="ignore"):  # of a softmax over one value
            made = function(inputs)
        return ops.convert_to_numpy(ops.cast(made, "float32"))
    except Exception:  # a layer that such an input does not fit
        return None


def _alone(operation, node, index, taken):
    """One operation as a function. Keras 3.13 has no `keras.Function` from here."""

    def apply(values):
        args, kwargs = node.arguments.fill_in({id(taken): values})
        return keras.tree.flatten(operation(*args, **kwargs))[index]

    return apply


def _composed(function, after):
    return function if after is None else lambda values: after(function(values))
