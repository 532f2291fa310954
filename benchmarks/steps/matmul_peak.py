"""Measure the rate of one large matrix product: what a GPU is rated by.

A step is one product of two square matrices of noise.
"""

import keras
import numpy as np
from keras import ops

from steps.loop import Loop
from steps.peak import compiled, noise


class MatmulPeak(Loop):
    """A program whose step is a matrix product."""

    def __init__(self, side, dtype):
        self.flop = 2 * side**3
        self.operands = [noise((side, side), dtype, seed) for seed in (0, 1)]
        self.product = compiled(ops.matmul)
        super().__init__(self.run)

    def run(self, num_steps):
        for _ in range(num_steps):
            result = self.product(*self.operands)
        assert np.isfinite(float(result[0, 0]))  # waits for the device


def build(nets, batch_size, dtype, side=8192):
    keras.config.set_dtype_policy("float32")
    return MatmulPeak(side, dtype.removeprefix("mixed_"))
