"""Types for hints that several packages share."""

from collections.abc import Callable
from typing import Any, TypeAlias

import keras

# A tensor of the backend in use, or an array that Keras accepts in its place.
Tensor: TypeAlias = Any
# What Keras' random functions accept as a seed.
Seed: TypeAlias = int | keras.random.SeedGenerator | None
# A number, or a function of the step, such as a learning rate schedule.
Setting: TypeAlias = float | Callable[[Tensor], Tensor]
