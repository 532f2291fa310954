"""The most that this machine gets out of a convolution.

Each shape is run until it has been timed three times; a round is the best rate of
all shapes.
"""

import time

import keras
import numpy as np
from keras import ops

# (batch, side, channels in, channels out, kernel)
SHAPES = (
    (32, 32, 128, 128, 3),
    (64, 16, 256, 256, 3),
    (32, 16, 256, 256, 5),
    (32, 32, 64, 64, 5),
    (256, 7, 256, 128, 5),
)


def flop(shape):
    """The FLOP of one such convolution with stride 1."""
    batch, side, fan_in, fan_out, kernel = shape
    return 2 * batch * side**2 * kernel**2 * fan_in * fan_out


class Peak:
    """A contestant whose round is a rate, in FLOP a second."""

    def __init__(self, dtype, scale=1):
        shapes = [(batch * scale, *rest) for batch, *rest in SHAPES]
        convolve = _compiled(lambda x, w: ops.conv(x, w, padding="same"))
        self.runs = [
            (flop(shape), _convolution(convolve, shape, dtype)) for shape in shapes
        ]

    def first_step(self):
        for _, run in self.runs:
            run()

    def round(self, num_steps):
        return max(count / best_time(run) for count, run in self.runs), 1


def best_time(run, repeats=3):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def build(nets, batch_size):
    return Peak("bfloat16" if _is_mixed() else "float32")


def _is_mixed():
    return keras.config.dtype_policy().compute_dtype == "bfloat16"


def _convolution(convolve, shape, dtype):
    batch, side, fan_in, fan_out, kernel = shape
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(batch, side, side, fan_in)).astype("float32")
    weights = rng.normal(size=(kernel, kernel, fan_in, fan_out)).astype("float32")
    inputs, weights = (
        ops.cast(ops.convert_to_tensor(each), dtype) for each in (inputs, weights)
    )

    def run():
        _wait(convolve(inputs, weights))

    return run


def _compiled(function):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    return function


def _wait(tensor):
    if keras.backend.backend() == "jax":
        tensor.block_until_ready()
    elif keras.backend.backend() == "torch" and tensor.is_cuda:
        import torch

        torch.cuda.synchronize()
    elif keras.backend.backend() == "tensorflow":
        tensor[0, 0, 0, 0].numpy()
