"""Types for hints that several packages share."""

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import keras

# A tensor of the backend in use, or an array that Keras accepts in its place.
Tensor: TypeAlias = Any
# What Keras' random functions accept as a seed.
Seed: TypeAlias = int | keras.random.SeedGenerator | None
# A number, or a function of the step, such as a learning rate schedule.
Setting: TypeAlias = float | Callable[[Tensor], Tensor]
# The path of a file or folder.
PathLike: TypeAlias = str | os.PathLike
# What `get_config` returns.
Config: TypeAlias = dict[str, Any]
# The numbers that Keras passes to callbacks.
Logs: TypeAlias = dict[str, Any] | None
# A function from images to images.
Change: TypeAlias = Callable[[Tensor], Tensor]
# A pair (height, width), one number for both, or None.
Size: TypeAlias = int | tuple[int, int] | None
# A function from stored images and a random generator to images of the same dtype.
Augment: TypeAlias = Callable[[Any, Any], Any]
