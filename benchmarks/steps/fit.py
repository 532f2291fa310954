"""Time `fit`."""

import time

import keras


class Fit:
    """A program that is trained by `fit`, one epoch a round.

    The clock starts when the device has finished the first batch, and stops at the
    end of the epoch, when `fit` has read its means from the device. Tracing, the
    checks of the data and the making of an iterator come before it; every callback,
    metric and wait between two steps is included.

    Args:
        model: a compiled `keras.Model`.
        data: an infinite dataset for `fit`.
        steps_per_execution: int, as given to `compile`.
        verbose: 1 for the progress bar.
    """

    def __init__(self, model, data, steps_per_execution=1, verbose=0):
        self.model = model
        self.data = data
        self.steps_per_execution = steps_per_execution
        self.verbose = verbose

    def first_step(self):
        self._epoch(self.steps_per_execution)

    def round(self, num_steps):
        """Return the seconds of some steps, in whole executions, and their number."""
        at_once = self.steps_per_execution
        num_steps = -(-num_steps // at_once) * at_once
        clock = _Clock()
        self._epoch(at_once + num_steps, clock)
        return clock.end - clock.start, num_steps

    def _epoch(self, num_steps, *callbacks):
        self.model.fit(
            self.data,
            steps_per_epoch=num_steps,
            verbose=self.verbose,
            callbacks=list(callbacks),
        )


class _Clock(keras.callbacks.Callback):
    start = None

    def on_train_batch_end(self, batch, logs=None):
        if self.start is None:
            for value in logs.values():
                float(value)  # waits for the device
            self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.end = time.perf_counter()
