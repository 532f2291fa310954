"""Conditions: what a generator is given beside its latents.

A condition describes one more input of a network: its name, and the shape and
dtype of one example. `None` stands for an unconditional network.
"""

import keras

from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")


class Condition:
    """An additional input of a network.

    Attributes:
        name: str, the name of the input in signatures.
        shape: tuple, the shape of the condition of one example.
        dtype: str, `"int32"` or `"float32"`.
    """

    name = None
    shape = ()
    dtype = "float32"

    def get_config(self) -> dict:
        """Return the arguments of the constructor."""
        raise NotImplementedError

    @classmethod
    def from_config(cls, config: dict) -> "Condition":
        """Create a condition from the result of `get_config`."""
        return cls(**config)

    def __eq__(self, other):
        return type(self) is type(other) and self.get_config() == other.get_config()

    def __hash__(self):
        return hash((type(self), self.shape, str(self.get_config())))

    def __repr__(self):
        given = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({given})"


@_package
class ClassLabels(Condition):
    """One integer class label for each example.

    Args:
        num_classes: int, the number of classes; labels are 0 to `num_classes - 1`.

    Example:

    ```python
    condition = keras_gan.conditions.ClassLabels(10)
    print(condition.name, condition.shape, condition.dtype)
    ```
    """

    name = "labels"
    dtype = "int32"

    def __init__(self, num_classes: int):
        self.num_classes = arguments.integer("num_classes", num_classes)

    def get_config(self) -> dict:
        return {"num_classes": self.num_classes}


@_package
class Image(Condition):
    """One image for each example, float32 in [-1, 1], channels last.

    Args:
        shape: tuple `(height, width, channels)`.

    Example:

    ```python
    condition = keras_gan.conditions.Image((64, 64, 3))
    print(condition.name, condition.shape, condition.dtype)
    ```
    """

    name = "images"

    def __init__(self, shape: tuple):
        self.shape = tuple(shape)

    def get_config(self) -> dict:
        return {"shape": list(self.shape)}


@_package
class Vector(Condition):
    """One float32 vector for each example, such as InfoGAN's codes.

    Args:
        size: int, the length of the vector.

    Example:

    ```python
    condition = keras_gan.conditions.Vector(12)
    print(condition.name, condition.shape, condition.dtype)
    ```
    """

    name = "vectors"

    def __init__(self, size: int):
        self.size = arguments.integer("size", size)
        self.shape = (self.size,)

    def get_config(self) -> dict:
        return {"size": self.size}
