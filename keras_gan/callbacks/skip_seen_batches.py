"""Go to a place within an epoch without training there again."""


class FastForward:
    """Stands in for the train function until the place is reached.

    Keras' trainers have no way to begin an epoch in its middle, so the epoch is
    begun as any other, and over the steps that were taken before the stop their
    batches are drawn and nothing else is done. Progress bars and the numbers of
    later steps are then what they would have been. Other callbacks do not hear of
    these steps, for they have heard of them before.

    Args:
        model: the model in `fit`, its state already that of the place.
        num_steps: int, the steps of this epoch that were taken.
        callbacks: those to keep silent.

    Raises:
        ValueError: if the place is not at the end of an execution.
    """

    def __init__(self, model, num_steps, callbacks, steps_per_epoch=None):
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
            callback.on_train_batch_begin = _nothing
            callback.on_train_batch_end = _nothing

    def __call__(self, *args):
        """Draw what an execution would, as each backend's trainer calls it."""
        *state, source = args
        if hasattr(source, "__next__"):  # torch's trainer has drawn the batch itself
            for _ in range(self.steps_per_execution):
                next(source, None)
        self.num_executions -= 1
        if self.num_executions == 0:
            self.model.train_function = self.train_function
        return (self.logs, *state) if state else self.logs

    @property
    def is_passing(self):
        return self.num_executions > 0

    def end(self):
        """Let the model train again, and the callbacks hear."""
        self.model.train_function = self.train_function
        for callback in self.callbacks:
            vars(callback).pop("on_train_batch_begin", None)
            vars(callback).pop("on_train_batch_end", None)


def _nothing(batch, logs=None):
    """What a silent callback does."""
