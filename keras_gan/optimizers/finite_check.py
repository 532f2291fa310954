"""The check that losses and gradients are finite, and the error that names a player."""

import threading
import time
import warnings
from collections.abc import Callable, Iterable

import keras
from keras import ops


class FiniteCheck:
    """Count the steps that were left out because they were not finite.

    Args:
        players: names of the players.
    """

    def __init__(self, players: Iterable[str]):
        self.num_steps = _counter("num_steps", 0)
        self.num_skipped = _counter("num_skipped", 0)
        # The first step that was not finite, and -1 while there is none.
        self.first = {name: _counter(f"{name}_first", -1) for name in players}
        # Each replica of `tf.distribute.MirroredStrategy` is traced in its own thread.
        self._local = threading.local()

    @property
    def variables(self) -> list[keras.Variable]:
        return [self.num_steps, self.num_skipped, *self.first.values()]

    def record(self, player: str, is_finite):
        """Record whether a player's update is finite, a bool scalar.

        Returns:
            Whether to apply it: not if an update before it in this step was not
            finite, for then the players would no longer answer each other.
        """
        recorded = vars(self._local)
        recorded[player] = ops.logical_and(recorded.get(player, True), is_finite)
        return self._all_finite()

    def end_step(self):
        """End a step; return whether all of its updates were finite."""
        all_finite = self._all_finite()
        for player, is_finite in vars(self._local).items():
            first = self.first[player]
            is_first = ops.logical_and(ops.logical_not(is_finite), first.value < 0)
            first.assign(ops.where(is_first, self.num_steps.value, first.value))
        self.num_skipped.assign_add(ops.cast(ops.logical_not(all_finite), "int32"))
        self.num_steps.assign_add(1)
        vars(self._local).clear()
        return all_finite

    def abort_step(self) -> None:
        """Forget what was recorded in a step that ended in an error."""
        vars(self._local).clear()

    def start_watching(self) -> None:
        """Forget which steps were not finite before now."""
        for first in self.first.values():
            first.assign(-1)

    def first_failure(self) -> tuple[str, int] | None:
        """Return the player and the step of the first failure since then, or None."""
        found = {name: _int(first) for name, first in self.first.items()}
        found = {name: step for name, step in found.items() if step >= 0}
        if not found:
            return None
        player = min(found, key=found.get)
        return player, found[player]

    def _all_finite(self):
        every = ops.convert_to_tensor(True)
        for is_finite in vars(self._local).values():
            every = ops.logical_and(every, is_finite)
        return every


class NonFiniteMonitor(keras.callbacks.Callback):
    """Raise when a step was not finite, or tell how many were skipped.

    A step that is not finite moves no weight, so that it may be found a little
    later: a check after every step would make a GPU wait for it.

    Args:
        sync_state: function that puts what `fit` carries into the variables.
        interval: float, seconds between two checks.
    """

    def __init__(self, sync_state: Callable, interval: float = 1.0):
        super().__init__()
        self.sync_state = sync_state
        self.interval = interval

    def on_epoch_begin(self, epoch, logs=None):
        self.sync_state(self.model)
        check = self.model.optimizer.finite_check
        check.start_watching()
        self.epoch, self.checked_at = epoch, time.monotonic()
        self.first_step = _int(check.num_steps)
        self.skipped_before = _int(check.num_skipped)
        self.last_batch = -1

    def on_train_batch_end(self, batch, logs=None):
        self.last_batch = batch
        if time.monotonic() - self.checked_at > self.interval:
            self.check()

    def on_epoch_end(self, epoch, logs=None):
        self.check()
        num_skipped = _int(self.model.optimizer.finite_check.num_skipped)
        if num_skipped > self.skipped_before:
            warnings.warn(
                f"{num_skipped - self.skipped_before} steps of epoch {epoch + 1} were "
                "not finite and were skipped.",
                stacklevel=2,
            )

    def check(self) -> None:
        """Raise a `FloatingPointError` if a step was not finite."""
        self.sync_state(self.model)
        self.checked_at = time.monotonic()
        check = self.model.optimizer.finite_check
        failure = None if self.model.nonfinite == "skip" else check.first_failure()
        if failure is not None:
            player, step = failure
            batches = self.last_batch + 1 - (_int(check.num_steps) - self.first_step)
            raise non_finite_error(
                player,
                f"batch {step - self.first_step + batches} of epoch {self.epoch + 1} "
                "(both counted as in the progress bar: batches from 0, epochs from 1)",
            )


def non_finite_error(player: str, where: str) -> FloatingPointError:
    """Return the error that names the player and the batch.

    Args:
        player: the player's name.
        where: which batch it was.
    """
    return FloatingPointError(
        f"The {player}'s loss or gradient was NaN or infinite at {where}. No weight "
        "was moved by it, and the last checkpoint is good. Look at that batch of the "
        "data first; then lower the learning rates, add "
        "`discriminator_penalties=[keras_gan.penalties.R1(1.0)]`, or, under "
        "mixed_float16, use mixed_bfloat16. `compile(nonfinite='skip')` leaves such "
        "steps out and goes on."
    )


def _counter(name, value):
    return keras.Variable(value, dtype="int32", trainable=False, name=name)


def _int(variable):
    return int(ops.convert_to_numpy(variable))
