"""A watch over the numbers: which player's step was NaN or infinite, and when."""

import threading
import time
import warnings

import keras
from keras import ops


class Guard:
    """Counts the steps that were left out because they were not finite.

    Args:
        players: names of the players.
    """

    def __init__(self, players):
        self.num_rounds = _counter("num_rounds", 0)
        self.num_unsound = _counter("num_unsound", 0)
        # The first round that went wrong, and -1 as long as none has.
        self.first = {name: _counter(f"{name}_first_unsound", -1) for name in players}
        # Each replica of `tf.distribute.MirroredStrategy` is traced in its own thread.
        self._local = threading.local()

    @property
    def variables(self):
        return [self.num_rounds, self.num_unsound, *self.first.values()]

    def note(self, player, sound):
        """Write down whether a player's step is finite, a bool scalar.

        Returns:
            Whether it is to be taken: not if one before it in this round was not,
            for then the players would no longer answer each other.
        """
        noted = vars(self._local)
        noted[player] = ops.logical_and(noted.get(player, True), sound)
        return self._all_sound()

    def conclude(self):
        """End a round; return whether all of its steps were finite."""
        all_sound = self._all_sound()
        for player, sound in vars(self._local).items():
            first = self.first[player]
            is_first = ops.logical_and(ops.logical_not(sound), first.value < 0)
            first.assign(ops.where(is_first, self.num_rounds.value, first.value))
        self.num_unsound.assign_add(ops.cast(ops.logical_not(all_sound), "int32"))
        self.num_rounds.assign_add(1)
        vars(self._local).clear()
        return all_sound

    def _all_sound(self):
        every = ops.convert_to_tensor(True)
        for sound in vars(self._local).values():
            every = ops.logical_and(every, sound)
        return every


class WatchGuard(keras.callbacks.Callback):
    """Reads the guard from time to time, and raises, or tells how many were skipped.

    A step that is not finite moves no weight, so that it may be found a little later:
    looking after every step would make a GPU wait for it.

    Args:
        settle: function that puts what `fit` carries into the variables.
        interval: float, seconds between two looks.
    """

    def __init__(self, settle, interval=1.0):
        super().__init__()
        self.settle = settle
        self.interval = interval

    def on_epoch_begin(self, epoch, logs=None):
        self.settle(self.model)
        for first in self.model.optimizer.guard.first.values():
            first.assign(-1)
        self.epoch, self.looked_at = epoch, time.monotonic()
        self.first_round = _int(self.model.optimizer.guard.num_rounds)
        self.skipped_before = _int(self.model.optimizer.guard.num_unsound)
        self.last_batch = -1

    def on_train_batch_end(self, batch, logs=None):
        self.last_batch = batch
        if time.monotonic() - self.looked_at > self.interval:
            self.look()

    def on_epoch_end(self, epoch, logs=None):
        self.look()
        guard = self.model.optimizer.guard
        skipped = _int(guard.num_unsound) - self.skipped_before
        if skipped:
            warnings.warn(
                f"{skipped} steps of epoch {epoch + 1} were not finite and were "
                "skipped.",
                stacklevel=2,
            )

    def look(self):
        self.settle(self.model)
        self.looked_at = time.monotonic()
        if self.model.nonfinite == "skip":
            return
        guard = self.model.optimizer.guard
        found = {name: _int(first) for name, first in guard.first.items()}
        found = {name: first for name, first in found.items() if first >= 0}
        if not found:
            return
        player = min(found, key=found.get)
        batches = self.last_batch + 1 - (_int(guard.num_rounds) - self.first_round)
        batch = found[player] - self.first_round + batches
        raise FloatingPointError(
            f"The {player}'s loss or gradient was NaN or infinite at batch {batch} of "
            f"epoch {self.epoch + 1} (both counted as in the progress bar: batches "
            "from 0, epochs from 1). No weight was moved by it, and the last "
            "checkpoint is good. Look at that batch of the data first; then lower "
            "the learning rates, add `penalties=[keras_gan.penalties.R1(1.0)]`, or, "
            "under mixed_float16, use mixed_bfloat16. "
            "`compile(nonfinite='skip')` leaves such steps out and goes on."
        )


def _counter(name, value):
    return keras.Variable(value, dtype="int32", trainable=False, name=name)


def _int(variable):
    return int(ops.convert_to_numpy(variable))
