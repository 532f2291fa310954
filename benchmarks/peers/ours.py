"""`keras_gan`, by a preset, as long as the time allows.

The cost of a step is measured on a GAN that is then discarded, and the precision is
the faster one of this device; the time that both take counts too.
"""

import time

from keras_gan import GAN, datasets, precision, presets

import keras
import numpy as np

TRIAL_STEPS, SPARE = 20, 0.97


def train(images, seconds, seed, name="dcgan_fashion_mnist", policy="auto"):
    start = time.perf_counter()
    policy = precision.choose() if policy == "auto" else policy
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(seed)
    preset = presets.get(name)
    data = datasets.Batches(images, batch_size=preset.batch_size, seed=seed)
    clock = _Clock()
    GAN.from_preset(preset, load_weights=False, seed=seed).fit(
        data, steps_per_epoch=TRIAL_STEPS, verbose=0, callbacks=[clock]
    )
    pace = (clock.times[-1] - clock.times[4]) / (TRIAL_STEPS - 5)
    left = SPARE * seconds - (time.perf_counter() - start) - clock.times[0]
    num_images = max(1, int(left / pace)) * preset.batch_size
    preset = preset.replace(num_images=num_images)
    gan = GAN.from_preset(preset, load_weights=False, seed=seed)
    stop = _Clock(start + seconds)
    gan.fit(
        data,
        steps_per_epoch=num_images // preset.batch_size,
        verbose=0,
        callbacks=[stop],
    )

    def draw(num):
        return np.asarray(gan.generate(num, seed=seed))

    return draw, len(stop.times) * preset.batch_size


class _Clock(keras.callbacks.Callback):
    """Record when each step ended, from the start of training; stop at a time."""

    def __init__(self, end=float("inf")):
        super().__init__()
        self.end = end
        self.times = []

    def on_train_begin(self, logs=None):
        self.start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self.times.append(now - self.start)
        if now > self.end:
            self.model.stop_training = True
