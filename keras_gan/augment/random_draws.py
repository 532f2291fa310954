"""Random numbers for a batch: one for each image and each setting."""

import math
from collections.abc import Callable
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
    """

    def __init__(self, num_images: Tensor, seed: Seed = None) -> None:
        draws = keras.random.uniform(
            (num_images, _NUM_DRAWS), seed=arguments.seed(seed)
        )
        self._draws = (draws[:, i] for i in range(_NUM_DRAWS))

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


class OperationDraws(RandomDraws):
    """Random numbers for named operations: which images one changes, and how.

    Args:
        num_images: int, the size of the batch.
        seed: int or `keras.random.SeedGenerator`.
        probabilities: dict from the names of the operations to float scalars.
        strengths: dict from names to floats.
    """

    def __init__(
        self,
        num_images: Tensor,
        seed: Seed,
        probabilities: dict[str, Tensor],
        strengths: dict[str, float],
    ) -> None:
        super().__init__(num_images, seed)
        self.probabilities = probabilities
        self.strengths = strengths
        self._ones = ops.ones((num_images,))

    def has(self, *names: str) -> bool:
        """Whether one of these operations is made at all."""
        return any(name in self.probabilities for name in names)

    def operation(
        self,
        name: str,
        sample: Callable[[float], Any],
        instead: float,
        probability: Tensor | None = None,
    ) -> Any:
        """Return the settings of an operation for every image.

        Args:
            name: str, of the operation.
            sample: function of its strength that draws one setting, or a tuple of
                settings, which are all taken or all left.
            instead: float, the setting that changes nothing.
            probability: float scalar, another one than the operation's.

        Returns:
            A float tensor `(batch,)`, or a list of them.
        """
        if not self.has(name):
            return self._ones * instead
        drawn = sample(self.strengths.get(name))
        if probability is None:
            probability = self.probabilities[name]
        is_changed = self.uniform() < probability
        if not isinstance(drawn, tuple):
            return ops.where(is_changed, drawn, instead)
        return [ops.where(is_changed, value, instead) for value in drawn]

    def half(self, name: str) -> Tensor:
        """Return p with which one of two trials succeeds with the probability."""
        return 1.0 - ops.sqrt(1.0 - self.probabilities[name])
