"""How presets write down objects, and how the objects are made.

A preset is data. An object stands in it as a `Make`, which names the class and its
arguments. A setting that changes during training is a `CosineRamp` or a
`ConstantThenLinear`, which count in shares of the training and so keep their meaning
when that is made longer or shorter.
"""

import importlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from keras_gan import optimizers

MODULES = {
    "keras.optimizers": "keras.optimizers",
    "keras.optimizers.schedules": "keras.optimizers.schedules",
    **{
        name: f"keras_gan.{name}"
        for name in (
            "architectures",
            "augment",
            "conditions",
            "invariance",
            "latents",
            "likelihoods",
            "losses",
            "metrics",
            "optimizers",
            "penalties",
        )
    },
}


class CosineRamp(NamedTuple):
    """From one value to another along half a cosine; see `optimizers.CosineBurnIn`.

    Args:
        start: float, the first value.
        end: float, the last value.
        share: float, over which share of the training.

    Example:

    ```python
    rate = keras_gan.presets.CosineRamp(2e-4, 5e-5, share=0.5)
    ```
    """

    start: float
    end: float
    share: float = 1.0

    def of_training(self, num_images: int, batch_size: int):
        """Return the schedule of a training of so many images."""
        return optimizers.CosineBurnIn(
            self.start, self.end, self.share * num_images, batch_size
        )

    def __str__(self) -> str:
        return f"{self.start:g} to {self.end:g}, along a cosine"


class ConstantThenLinear(NamedTuple):
    """Constant, then along a line to 0; see `optimizers.ConstantThenLinear`.

    Args:
        start: float, the first value.
        share: float, over which share of the training it is constant.

    Example:

    ```python
    rate = keras_gan.presets.ConstantThenLinear(2e-4, share=0.5)
    ```
    """

    start: float
    share: float = 0.5

    def of_training(self, num_images: int, batch_size: int):
        """Return the schedule of a training of so many images."""
        constant = self.share * num_images
        return optimizers.ConstantThenLinear(
            self.start, constant, num_images - constant, batch_size
        )

    def __str__(self) -> str:
        return f"{self.start:g} for {self.share:.0%}, then along a line to 0"


class ImageShare(NamedTuple):
    """A number of training images, as a share of those of the whole training.

    Args:
        share: float, from 0 to 1.

    Example:

    ```python
    settings = {"stable_images": keras_gan.presets.ImageShare(0.1)}
    ```
    """

    share: float

    def of_training(self, num_images: int, batch_size: int) -> int:
        """Return the share of a training of so many images, at least one."""
        return max(1, round(self.share * num_images))

    def __str__(self) -> str:
        return f"{self.share:.0%} of the training"


# What means a share of the training, by the names under which they are written down.
SHARES = {
    "cosine_ramp": CosineRamp,
    "constant_then_linear": ConstantThenLinear,
    "image_share": ImageShare,
}


@dataclass(frozen=True)
class Make:
    """An object that a preset asks for: a public name, and what it is called with.

    Args:
        target: str, such as `"penalties.R1"`, `"architectures.dcgan"` or
            `"keras.optimizers.SGD"`.
        arguments: dict; it may hold further `Make`s and ramps.

    Raises:
        ValueError: if the name is not public in one of the modules of `MODULES`.

    Example:

    ```python
    penalty = keras_gan.presets.Make("penalties.R1", {"weight": 0.1})
    ```
    """

    target: str
    arguments: dict = field(default_factory=dict)

    def __post_init__(self):
        module, _, name = self.target.rpartition(".")
        if module not in MODULES or name.startswith("_"):
            raise ValueError(
                f"A preset cannot make {self.target!r}. Expected a public name of one "
                f"of the modules {list(MODULES)}, such as 'penalties.R1'."
            )

    @property
    def function(self):
        """The class or function that makes the object."""
        module, _, name = self.target.rpartition(".")
        found = getattr(importlib.import_module(MODULES[module]), name, None)
        if found is None:
            raise ValueError(f"There is no {self.target!r}.")
        return found


def resolve(value: Any, num_images: int, batch_size: int) -> Any:
    """Make every object that stands in a value.

    Args:
        value: a `Make`, a ramp, an `ImageShare`, a dict, list or tuple that may hold
            some, or anything else.
        num_images: int, the images of the whole training.
        batch_size: int, the images of one update; 1 for schedules that count images.
    """
    if isinstance(value, tuple(SHARES.values())):
        return value.of_training(num_images, batch_size)
    if isinstance(value, Make):
        return value.function(**resolve(value.arguments, num_images, batch_size))
    if isinstance(value, dict):
        return {k: resolve(v, num_images, batch_size) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(resolve(v, num_images, batch_size) for v in value)
    return value


def to_json(value: Any) -> Any:
    """Return the same as what JSON can hold."""
    for name, share in SHARES.items():
        if isinstance(value, share):
            return {name: value._asdict()}
    if isinstance(value, Make):
        return {"make": value.target, "arguments": to_json(value.arguments)}
    if isinstance(value, dict):
        return {key: to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value


def from_json(value: Any) -> Any:
    """Return what `to_json` was given, lists as tuples."""
    if isinstance(value, dict):
        name = next(iter(value)) if len(value) == 1 else None
        if name in SHARES:
            return SHARES[name](**value[name])
        if set(value) == {"make", "arguments"}:
            return Make(value["make"], from_json(value["arguments"]))
        return {key: from_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return tuple(from_json(each) for each in value)
    return value
