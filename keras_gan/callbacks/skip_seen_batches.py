"""Resume within an epoch: skip the batches that were trained on before."""

from typing import Any

import keras


class SkipSeenBatches:
    """Replace the train function until all seen batches of an epoch are skipped.

    Keras' trainers cannot start an epoch in its middle. So the epoch starts as usual,
    and the batches of the steps taken before the stop are read but not used. Progress
    bars and the numbers of later steps are correct. Other callbacks are not called for
    the skipped steps, because they were called for them before the stop.

    Args:
        model: the model in `fit`, with its state restored.
        num_steps: int, the number of steps of this epoch to skip.
        callbacks: list of callbacks that are not called for these steps.
        steps_per_epoch: int, or None if it is not known.

    Raises:
        ValueError: if the last step to skip is not the end of an execution.
    """

    def __init__(
        self,
        model: keras.Model,
        num_steps: int,
        callbacks: list[keras.callbacks.Callback],
        steps_per_epoch: int | None = None,
    ) -> None:
        size = model.steps_per_execution
        if num_steps % size and num_steps != steps_per_epoch:
            raise ValueError(
                f"The checkpoint lies {num_steps} steps into its epoch, which is "
                f"within an execution of {size} steps. Compile the model with a "
                "`steps_per_execution` that divides it, as when it was written."
            )
        self.model = model
        self.train_function = model.train_function
        self.steps_per_execution = size
        self.num_executions = -(-num_steps // size)
        self.callbacks = callbacks
        self.logs = dict(model.get_metrics_result())
        model.train_function = self
        for callback in callbacks:
            callback.on_train_batch_begin = _ignore
            callback.on_train_batch_end = _ignore

    def __call__(self, *args: Any) -> Any:
        """Read the batches of one execution; called as a train function."""
        *state, source = args
        if hasattr(source, "__next__"):  # torch's trainer passes the batch itself
            for _ in range(self.steps_per_execution):
                next(source, None)
        self.num_executions -= 1
        if self.num_executions == 0:
            self.model.train_function = self.train_function
        return (self.logs, *state) if state else self.logs

    @property
    def is_skipping(self) -> bool:
        """Whether batches are left to skip."""
        return self.num_executions > 0

    def end(self) -> None:
        """Restore the train function and the methods of the callbacks."""
        self.model.train_function = self.train_function
        for callback in self.callbacks:
            vars(callback).pop("on_train_batch_begin", None)
            vars(callback).pop("on_train_batch_end", None)


def _ignore(batch, logs=None):
    """Do nothing, in place of a method of a callback."""
