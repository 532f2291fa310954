"""A small run that has every kind of state, for tests that stop and resume it.

As a script it is one process of such a run, which tests kill and start again:

    python resumable.py CHECKPOINTS RESULT.npz [EVERY]
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

import keras_gan
from keras_gan import datasets, penalties

EPOCHS, STEPS = 3, 6


def deterministic():
    """Make sums deterministic: the order of threads would change the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def new_gan(seed=0, width=8, **kwargs):
    """Build a GAN as in a new process, with layer names counted from one."""
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(6, activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(8),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3, seed=5),
            layers.Dense(1),
        ]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=seed)
    gan.compile(
        discriminator_penalties=[penalties.GradientPenalty(0.1, interval=3)],
        ema=keras_gan.EMA(100),
        **kwargs,
    )
    return gan


def points():
    return np.random.default_rng(0).uniform(-1, 1, (96, 6)).astype("float32")


def data(**kwargs):
    return datasets.Batches(points(), batch_size=16, shuffle=True, **kwargs)


def state_of(gan):
    variables = gan.checkpoint_variables()
    return {n: keras.ops.convert_to_numpy(v) for n, v in variables.items()}


def run(checkpoints, result, every=1):
    deterministic()
    gan = new_gan()
    # Tracing takes longer than these few steps.
    gan.run_eagerly = keras.backend.backend() == "tensorflow"
    checkpoint = keras_gan.callbacks.Checkpoint(checkpoints, every=every)
    print("started", flush=True)
    history = gan.fit(data(), epochs=EPOCHS + 1, verbose=0, callbacks=[checkpoint])
    np.savez(result, **state_of(gan))
    record = {"epoch": history.epoch, "history": history.history}
    Path(result).with_suffix(".json").write_text(json.dumps(record))


if __name__ == "__main__":
    if keras.backend.backend() == "jax":  # as conftest.py does for the tests
        sys.path.append(str(Path(__file__).parents[1]))
        import jax_programs

        jax_programs.compile_once()
    directory, result, *every = sys.argv[1:]
    run(directory, result, *map(int, every))
