"""Random numbers for a batch: one for each image and each setting."""

import math
from typing import Any

import keras
from keras import ops

from keras_gan._typing import Seed, Tensor
from keras_gan.validation import arguments

# More than any policy needs. One large sample costs less than thirty small ones.
_NUM_DRAWS = 48


class RandomDraws:
    """Random numbers for a batch, sampled once. Each has the shape `(batch,)`.

    Args:
        num_images: int, the size of the batch.
        seed: int or `keras.random.SeedGenerator`.
        probability: float scalar, the probability with which `maybe` returns the
            values that it is given.
    """

    def __init__(
        self, num_images: Tensor, seed: Seed = None, probability: Tensor = 1.0
    ) -> None:
        draws = keras.random.uniform(
            (num_images, _NUM_DRAWS), seed=arguments.seed(seed)
        )
        self._draws = (draws[:, i] for i in range(_NUM_DRAWS))
        self.probability = probability

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Return numbers that are uniform between `low` and `high`."""
        return low + (high - low) * next(self._draws)

    def normal(self, std: float) -> Tensor:
        """Return normal numbers with mean 0 and this standard deviation."""
        share = ops.clip(self.uniform(-1.0, 1.0), -0.999999, 0.999999)
        return std * math.sqrt(2.0) * ops.erfinv(share)

    def integer(self, low: float, high: float) -> Tensor:
        """Return whole numbers, as floats: low, low + 1, ... or high."""
        return low + ops.floor(self.uniform(0.0, high - low + 1.0))

    def maybe(
        self, *values: Tensor, instead: Tensor, probability: Tensor | None = None
    ) -> Any:
        """Return the values for some images, and `instead` for the others.

        Several values are all taken or all left, and come as a list.
        """
        probability = self.probability if probability is None else probability
        is_taken = self.uniform() < probability
        values = [ops.where(is_taken, value, instead) for value in values]
        return values if len(values) > 1 else values[0]

    def half(self) -> Tensor:
        """Return p with which one of two trials succeeds with `probability`."""
        return 1.0 - ops.sqrt(1.0 - self.probability)
