"""The schedule of a network that grows: its level as a function of the images seen."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.validation import arguments


class Growth(keras.layers.Layer):
    """How many images were seen, and the level that they were seen at.

    Level 0 is trained on `stable_images`. Each further one is faded in over
    `fade_images` and then trained on `stable_images`; the last is trained to the end.

    The counts are variables, so that a model saves them: all that growing has of a
    state.

    Args:
        num_levels: int.
    """

    def __init__(self, num_levels: int):
        super().__init__(name="growth", trainable=False, dtype="float32")
        self.num_levels = num_levels
        self.set_schedule(600_000, 600_000)
        self.images_seen = self._counter("images_seen")
        self.level = self._counter("level")
        self.built = True

    def _counter(self, name):
        return self.add_weight(
            shape=(),
            initializer="zeros",
            dtype=keras.backend.standardize_dtype("int"),
            trainable=False,
            aggregation="only_first_replica",
            name=name,
        )

    def set_schedule(self, fade_images: int, stable_images: int) -> None:
        """Set the length of the two phases of a level, in images."""
        self.fade_images = arguments.integer("fade_images", fade_images, 0)
        self.stable_images = arguments.integer("stable_images", stable_images)

    def start(self, level: int) -> int:
        """Return how many images are seen before a level begins."""
        if level == 0:
            return 0
        return self.stable_images + (level - 1) * (
            self.fade_images + self.stable_images
        )

    def due_level(self) -> int:
        """Return the level that the schedule asks for now. Outside of a step only."""
        seen = integer(self.images_seen)
        levels = range(1, self.num_levels)
        return sum(seen >= self.start(level) for level in levels)

    def images_left(self) -> int | None:
        """Return how many images are left to this level; None for the last one."""
        level = integer(self.level)
        if level + 1 == self.num_levels:
            return None
        return self.start(level + 1) - integer(self.images_seen)

    def alpha(self, level: int):
        """Return the share of a level's own image, from 0 to 1, as a float scalar."""
        if level == 0 or self.fade_images == 0:
            return ops.ones(())
        seen = ops.cast(self.images_seen.value - self.start(level), "float32")
        return ops.clip(seen / self.fade_images, 0.0, 1.0)

    def is_fading(self) -> bool:
        """Whether a level is being faded in now. Outside of a step only."""
        level = integer(self.level)
        is_first = level == 0 or self.fade_images == 0
        return not is_first and integer(self.images_seen) < (
            self.start(level) + self.fade_images
        )

    def count(self, num_images) -> None:
        """Count the images of a step; under `tf.distribute`, those of this replica."""
        num_images = num_images * backend.num_replicas()
        self.images_seen.assign_add(ops.cast(num_images, self.images_seen.dtype))


class GrowthMonitor(keras.callbacks.Callback):
    """Move a model to its next level when it has seen enough images.

    It looks before the first batch of each epoch, and then when a level may be over:
    to look after every step would make a GPU wait for it.
    """

    def on_epoch_begin(self, epoch, logs=None):
        self.seen, self.calls, self.calls_left, self.images_per_call = None, 0, 0, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.calls_left -= 1
        if self.calls_left >= 0:
            return
        backend.sync_state(self.model)
        self.model.grow()
        growth = self.model.growth
        seen, left = integer(growth.images_seen), growth.images_left()
        if self.seen is not None:
            found = -(-(seen - self.seen) // self.calls)
            self.images_per_call = max(self.images_per_call, found)
        self.seen, self.calls_left = seen, 0
        if left is None:
            self.calls_left = np.inf
        elif self.images_per_call > 0:
            self.calls_left = -(-left // self.images_per_call) - 1
        self.calls = self.calls_left + 1


def integer(variable: keras.Variable) -> int:
    """Return the value of a variable. Outside of a step only."""
    return int(ops.convert_to_numpy(variable))
