"""What penalties compute for each example, or for each pack of examples."""

import keras
from keras import ops

from keras_gan._typing import Seed, Tensor


def sum_of_squares(gradient: Tensor) -> Tensor:
    """Return the squared norm of each gradient: `(batch, ...)` to `(batch,)`."""
    axes = tuple(range(1, len(gradient.shape)))
    return ops.sum(ops.square(gradient), axis=axes)


def norm(gradient: Tensor) -> Tensor:
    """Return the norm of each gradient, with a finite derivative at 0."""
    # The derivative of the root is infinite at 0, which dead units can give.
    return ops.sqrt(sum_of_squares(gradient) + 1e-12)


def uniform_per_example(data: Tensor, seed: Seed) -> Tensor:
    """Draw one number from U(0, 1) for each example: `(batch, 1, ..., 1)`."""
    shape = (ops.shape(data)[0],) + (1,) * (len(data.shape) - 1)
    return keras.random.uniform(shape, seed=seed)


def pack(data: Tensor, num_packs: Tensor) -> Tensor:
    """Join the m examples that share a logit into one.

    `(batch, height, ...)` becomes `(batch / m, m height, ...)`.
    """
    return ops.reshape(data, (num_packs, -1, *ops.shape(data)[2:]))
