"""Minibatches: parts of a batch, for k discriminator steps or for accumulation."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gan import backend
from keras_gan.pixels import from_uint8


def unpack(data, condition=None):
    """Return the examples and the conditions of a batch, as the networks take them.

    Args:
        data: examples, or a tuple `(examples, conditions)`. Bytes are scaled to
            [-1, 1].
        condition: from `keras_gan.conditions`, or None for networks without one.

    Returns:
        `examples, conditions`: float32 `(batch, ...)`, and the prepared conditions or
        None.

    Raises:
        ValueError: if the batch holds sample weights too.
    """
    examples, conditions, weights = keras.utils.unpack_x_y_sample_weight(data)
    refuse_weights(sample_weight=weights)
    if keras.backend.standardize_dtype(examples.dtype) == "uint8":
        examples = from_uint8(examples)
    conditions = None if condition is None else condition.prepare(conditions)
    return ops.cast(examples, "float32"), conditions


def refuse_weights(**weights) -> None:
    """Raise a `ValueError` if a `sample_weight` or `class_weight` was passed.

    Adversarial losses are of whole batches, and so are many of their penalties.
    """
    passed = [name for name, value in weights.items() if value is not None]
    if passed:
        raise ValueError(
            f"`{passed[0]}` was passed, and adversarial losses do not weigh examples. "
            "Sample the data by weight instead, and yield (examples, conditions)."
        )


class ForwardPass:
    """The outputs of a player's networks, computed once for several updates.

    `AdversarialModel.minimize` gives the outputs to the loss. Where the player that
    moves is the one whose networks these are, the gradient of the loss goes on from
    the outputs to their weights.

    Args:
        player: the name of the player.
        fn: function of `inputs` that returns a float tensor.
        variables: the player's trainable variables.
        inputs: tuple of tensors, `(batch, ...)` each; None may be among them.
    """

    def __init__(
        self,
        player: str,
        fn: Callable,
        variables: list[keras.Variable],
        inputs: tuple,
    ):
        self.player, self.fn = player, fn
        self.variables, self.inputs = variables, inputs
        self._outputs = self._vjp = None
        self._parts = {}

    @property
    def outputs(self):
        """The float tensor that `fn` returned."""
        if self._outputs is None:
            self._outputs, self._vjp = backend.vjp(
                lambda: self.fn(*self.inputs), self.variables
            )
        return self._outputs

    def vjp(self, upstream) -> list:
        """Return the gradients by the variables, given that by the outputs."""
        return self._vjp(upstream)

    def split(self, num_parts: int) -> list["ForwardPass"]:
        """Split the pass along the batch; every call returns the same parts."""
        if num_parts not in self._parts:
            self._parts[num_parts] = [
                ForwardPass(self.player, self.fn, self.variables, part)
                for part in split(self.inputs, num_parts)
            ]
        return self._parts[num_parts]

    def wait_for(self, done) -> None:
        """Compute the outputs, if they are not yet, only after something is done."""
        if self._outputs is None:
            self.inputs = backend.control_dependency(done, self.inputs)


def split(batch, num_parts: int) -> list:
    """Split a batch into parts, of equal size where their number divides it.

    Args:
        batch: nest of tensors `(batch, ...)` and `ForwardPass`es; None may be in it.
        num_parts: int.

    Returns:
        List of nests like `batch`.
    """
    if num_parts == 1:
        return [batch]
    sizes = (ops.shape(t)[0] for t in keras.tree.flatten(batch) if _is_tensor(t))
    size = next(sizes, None)

    def part(value, i):
        if isinstance(value, ForwardPass):
            return value.split(num_parts)[i]
        if value is None:
            return None
        return value[i * size // num_parts : -(-(i + 1) * size // num_parts)]

    return [
        keras.tree.map_structure(lambda value, i=i: part(value, i), batch)
        for i in range(num_parts)
    ]


def accumulate(compute: Callable, parts: list[tuple]) -> Any:
    """Return the mean of what a function returns for every part of a batch.

    The gradient of a mean over the batch is the mean of the gradients over its parts,
    and only one part's activations are in memory.

    Args:
        compute: function of a part that returns a nest of tensors; None may be in it.
        parts: list of tuples, the arguments of `compute`.
    """
    total = compute(*parts[0])
    for part in parts[1:]:
        addend = compute(*_after(total, part))
        total = keras.tree.map_structure(_add, total, addend)
    if len(parts) == 1:
        return total
    return keras.tree.map_structure(
        lambda value: None if value is None else value / len(parts), total
    )


def _after(total, part):
    flat = keras.tree.flatten(part)
    tensors = [value if _is_tensor(value) else None for value in flat]
    waiting = backend.control_dependency(total, tensors)
    for value in flat:
        if isinstance(value, ForwardPass):
            value.wait_for(total)
    ready = [
        new if _is_tensor(old) else old for old, new in zip(flat, waiting, strict=True)
    ]
    return keras.tree.pack_sequence_as(part, ready)


def _is_tensor(value):
    return value is not None and not isinstance(value, ForwardPass)


def _add(a, b):
    return None if a is None else a + b
