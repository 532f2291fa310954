"""How a contestant is timed.

A round begins with one step (or one execution) off the clock, waits until the
device has finished it, and ends when the device has finished the last step.
"""

import time

import keras


class Loop:
    """A hand-written loop.

    Args:
        steps: function of an int: runs so many steps and waits for the last.
    """

    def __init__(self, steps):
        self.steps = steps

    def first_step(self):
        self.steps(1)

    def round(self, num_steps):
        """The seconds of so many steps, and how many they were."""
        self.steps(1)
        start = time.perf_counter()
        self.steps(num_steps)
        return time.perf_counter() - start, num_steps


class Fit:
    """One epoch of `fit` over data that stay in memory.

    The clock runs from the beginning of the second batch to the end of the epoch,
    when `fit` has read its means from the device: tracing, the look at the data
    and the making of an iterator are left to `first_step`.

    Args:
        model: a compiled `keras.Model`.
        data: what its `fit` takes, without an end.
        steps_per_execution: int, as given to `compile`.
        verbose: 1 for the progress bar.
    """

    def __init__(self, model, data, steps_per_execution=1, verbose=0):
        self.model = model
        self.data = data
        self.steps_per_execution = steps_per_execution
        self.verbose = verbose

    def first_step(self):
        self._fit(self.steps_per_execution)

    def round(self, num_steps):
        """The seconds of so many steps, and how many they were."""
        at_once = self.steps_per_execution
        num_steps = -(-num_steps // at_once) * at_once
        clock = _Clock()
        self._fit(at_once + num_steps, clock)
        return clock.end - clock.start, num_steps

    def _fit(self, num_steps, *callbacks):
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
            for value in (logs or {}).values():
                float(value)  # waits for the device
            self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.end = time.perf_counter()
