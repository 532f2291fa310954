"""The number of training steps for the time that there is."""

import math
import time
from collections.abc import Callable
from typing import Any

import keras

from keras_gan.datasets import SeededDataset
from keras_gan.validation import arguments

STEPS_PER_EPOCH = 8  # of the trial, which can end after any of its epochs
MAX_STEPS = 64  # some penalties are computed every 16 steps only
SHARE = 0.05  # of the whole time, which the timed steps may take
USED = 0.95  # of what is left; pictures and reports take the rest


def steps_in(minutes: float, build: Callable[[int], keras.Model], data: Any) -> int:
    """Return how many training steps a device can do in a number of minutes.

    Trains a model on the data for a moment and times its steps. What the trial takes,
    and the compilation of the first step, which the training after it needs again, go
    off the time. On a machine that others use too, the steps may take longer later.

    Args:
        minutes: float, the time for everything.
        build: function that takes a number of steps and returns a compiled model for
            a training of so many. The model of the trial is thrown away.
        data: what `fit` takes, with batches of its own, such as a
            `keras_gan.datasets.SeededDataset`.

    Returns:
        int, at least 1.

    Raises:
        ValueError: if the time is over before the first step is, or the model grows
            while it trains.

    Example:

    ```python
    from keras_gan import datasets, presets, runs

    preset = presets.get("mlp_mnist")
    data = datasets.fashion_mnist(batch_size=128)

    def build(num_steps):
        longer = preset.replace(num_images=128 * num_steps)
        return keras_gan.GAN.from_preset(longer, load_weights=False)

    num_steps = runs.steps_in(0.5, build, data)
    ```
    """
    seconds, begin = 60 * _positive("minutes", minutes), time.perf_counter()
    gan = build(MAX_STEPS)
    if hasattr(gan, "growth"):
        raise ValueError(
            f"A {type(gan).__name__} takes longer for a step after each level, which "
            "a few steps do not show. Pass the number of images in place of `minutes`."
        )
    _fit(gan, data, num_steps=1)
    first = time.perf_counter() - begin
    timer = _Timer(SHARE * seconds)
    _fit(gan, data, STEPS_PER_EPOCH, MAX_STEPS // STEPS_PER_EPOCH, callbacks=[timer])
    # Building and compiling come once more, and take as long.
    left = seconds - (time.perf_counter() - begin) - first
    num_steps = math.floor(USED * left / timer.seconds_per_step)
    if num_steps < 1:
        raise ValueError(
            f"`minutes={minutes:g}` is too short here. The first step takes "
            f"{first:.0f} seconds with its compilation, and it comes twice, once to "
            f"measure; each step after it takes {timer.seconds_per_step:.2g} seconds. "
            "Pass more minutes, or the number of images in their place."
        )
    return num_steps


def _fit(gan, data, num_steps, epochs=1, callbacks=()):
    if isinstance(data, SeededDataset):
        data, steps = data.with_steps_per_epoch(num_steps), {}
    else:
        steps = {"steps_per_epoch": num_steps}
    gan.fit(data, epochs=epochs, verbose=0, callbacks=list(callbacks), **steps)


def _positive(name, value):
    if arguments.finite(name, value) <= 0:
        raise ValueError(f"`{name}` must be above 0. Received: {value}")
    return value


class _Timer(keras.callbacks.Callback):
    """Time epochs of steps until there are many, or they took so many seconds.

    The first epoch, in which memory is taken and caches fill, counts only if there is
    no other.

    Args:
        seconds: float.
    """

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds
        self.times = []

    @property
    def seconds_per_step(self):
        times = self.times if len(self.times) < 3 else self.times[1:]
        return (times[-1] - times[0]) / ((len(times) - 1) * STEPS_PER_EPOCH)

    def on_train_begin(self, logs=None):
        self.times = [time.perf_counter()]

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.perf_counter())
        self.model.stop_training = self.times[-1] - self.times[0] > self.seconds
