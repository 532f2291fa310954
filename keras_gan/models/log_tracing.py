"""The names of what a step logs, found without running it."""

from collections.abc import Callable

import keras


def find_log_names(step: Callable, examples, conditions=None) -> list[str]:
    """Trace a step on symbolic tensors and return the names of its logs.

    Args:
        step: function of a batch that returns a dict of scalars.
        examples: array or tensor, of which only shape and type are looked at.
        conditions: likewise, or None.

    Returns:
        The list of names.

    Raises:
        Exception: what the step raises.
    """
    batch = (examples,) if conditions is None else (examples, conditions)
    specs = tuple(
        keras.KerasTensor(a.shape, keras.backend.standardize_dtype(a.dtype))
        for a in batch
    )
    operation = _Step(step)
    try:
        return list(operation.compute_output_spec(specs))
    except Exception:
        if operation.error is None:
            raise
        raise operation.error from None  # without Keras' words about shapes


class _Step(keras.Operation):
    """A step as an operation, which Keras can trace."""

    def __init__(self, step):
        super().__init__()
        self.step, self.error = step, None

    def call(self, data):
        try:
            return self.step(data)
        except Exception as error:
            self.error = error
            raise
