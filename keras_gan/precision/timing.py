"""What a training step costs in bfloat16, in steps of float32."""

import functools
import time

import keras
import numpy as np
from keras import layers

from keras_gan import backend

POLICIES = ("float32", "mixed_bfloat16")
NUM_ROUNDS = 5
LIMIT = 2.0  # seconds, after which no new round begins
BATCH_SIZE = 32


@functools.cache
def bfloat16_cost() -> float:
    """Return the time of a step in bfloat16 over that of one in float32.

    Both train the same small convolutional network, in turn, so that other work on
    the machine affects both; the fastest step of each counts. Random state and names
    of Keras stay as they are.

    Returns:
        float; infinity where the device cannot compute convolutions in bfloat16.
    """
    try:
        single, half = _fastest([_step(policy) for policy in POLICIES])
    except Exception:  # each backend has its own
        return float("inf")
    return half / single


def _fastest(steps):
    """Return the fastest time of each function in seconds, after a first call."""
    for step in steps:
        step()
    rounds, end = [], time.perf_counter() + LIMIT
    while len(rounds) < NUM_ROUNDS and (not rounds or time.perf_counter() < end):
        rounds.append([_seconds(step) for step in steps])
    return np.min(rounds, axis=0)


def _seconds(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _step(policy):
    """Return a function that runs one training step of a small network."""
    options = {
        "padding": "same",
        "dtype": policy,
        "kernel_initializer": keras.initializers.RandomUniform(seed=0),
    }
    network = keras.Sequential(
        [
            keras.Input((28, 28, 8), name="images"),
            layers.Conv2D(64, 4, strides=2, name="down", **options),
            layers.Conv2D(64, 3, activation="relu", name="same", **options),
            layers.Conv2DTranspose(8, 4, strides=2, name="up", **options),
        ],
        name="timed",
    )
    network.compile(
        keras.optimizers.SGD(name="sgd"),
        "mse",
        jit_compile=backend.should_jit_compile(),
    )
    images = np.ones((BATCH_SIZE, 28, 28, 8), "float32")
    return lambda: network.train_on_batch(images, images)
