"""Measure the highest rate of a convolution on this machine.

A round takes the fastest of a few shapes, each the best of three tries. On a GPU
the batches are larger, many convolutions are queued before the clock is read, and
a matrix product takes part, since that is what such a device is rated by.
"""

import time

import keras
import numpy as np
from keras import ops

from steps import flops

# (batch, side, channels in, channels out, kernel), stride 1
SHAPES = (
    (64, 32, 128, 128, 3),
    (32, 32, 128, 128, 5),
    (64, 16, 256, 256, 5),
    (128, 16, 128, 128, 5),
    (256, 14, 128, 64, 5),
    (256, 7, 256, 128, 5),
)


class Peak:
    """A program whose step is 10^12 operations at the best rate there is."""

    def __init__(self, dtype, on_gpu):
        num_queued = 20 if on_gpu else 1
        scale = 8 if on_gpu else 1
        convolve = compiled(lambda x, w: ops.conv(x, w, padding="same"))
        self.runs = []
        for batch, side, fan_in, fan_out, kernel in SHAPES:
            pixels = (batch * scale, side, side, fan_in)
            taps = (kernel, kernel, fan_in, fan_out)
            flop = 2 * np.prod(pixels) * np.prod(taps) / fan_in
            operands = noise(pixels, dtype), noise(taps, dtype)
            self.runs.append((flop * num_queued, _run(convolve, operands, num_queued)))
        if on_gpu:
            operands = noise((8192, 8192), dtype), noise((8192, 8192), dtype)
            run = _run(compiled(ops.matmul), operands, num_queued)
            self.runs.append((2 * 8192**3 * num_queued, run))

    def first_step(self):
        for _, run in self.runs:
            run()

    def round(self, num_steps):
        """Return the seconds of one step, whatever the number."""
        return min(best_time(run) * flops.PEAK / flop for flop, run in self.runs), 1


def build(nets, batch_size, dtype):
    return Peak(dtype.removeprefix("mixed_"), on_gpu())


def best_time(run, repeats=3):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def on_gpu():
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return bool(tf.config.list_physical_devices("GPU"))
    if keras.backend.backend() == "jax":
        import jax

        return jax.default_backend() == "gpu"
    import torch

    return torch.cuda.is_available()


def noise(shape, dtype, seed=0):
    values = np.random.default_rng(seed).normal(size=shape).astype("float32")
    return ops.cast(ops.convert_to_tensor(values), dtype)


def _run(function, operands, num_queued):
    def run():
        for _ in range(num_queued):
            result = function(*operands)
        float(ops.reshape(result, (-1,))[0])  # waits for the device

    return run


def compiled(function):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    import torch

    return torch.no_grad()(function)
