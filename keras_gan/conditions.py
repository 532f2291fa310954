"""What a generator is told besides its latents: class labels, an image or a vector.

A condition is data about the data. It knows its shape, checks values that a user
passes, and prepares them for the networks. Networks without one have the condition
`None`.
"""

import keras
import numpy as np
from keras import ops

from keras_gan.pixels import from_uint8
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")


class Condition:
    """The second input of a conditional network.

    Args:
        shape: tuple, the shape of one example's condition.

    `name` is the input's name in exported models, `dtype` its type.
    """

    name = None
    dtype = "float32"

    def __init__(self, shape: tuple[int, ...]):
        self.shape = tuple(shape)

    def symbolic(self, batch_size: int | None = None) -> keras.KerasTensor:
        """Return a stand-in for a batch of conditions, to trace a network with."""
        return keras.KerasTensor((batch_size, *self.shape), dtype=self.dtype)

    def check(self, values, num_rows: int) -> None:
        """Check a batch of conditions.

        Args:
            values: array `(num_rows, ...)`, or None.
            num_rows: int.

        Raises:
            ValueError: on missing values, a wrong shape or type, values out of range.
        """
        raise NotImplementedError

    def prepare(self, values):
        """Convert a batch of conditions, inside a step, to what networks take."""
        return ops.cast(values, self.dtype)

    def complete(self, values, num_rows: int) -> np.ndarray:
        """Return checked conditions for `num_rows` examples to generate.

        Args:
            values: what the user passed: one for each example, one for all, or None
                where the condition has a default.
            num_rows: int.
        """
        if values is not None:
            values = np.asarray(keras.ops.convert_to_numpy(values))
            if _matches(values.shape, self.shape):
                values = np.repeat(values[None], num_rows, axis=0)
        self.check(values, num_rows)
        return values.astype(self.dtype)

    def default(self, num_rows: int) -> np.ndarray | None:
        """Return the conditions that `generate` uses if it is given none."""
        return None

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({settings})"

    def __eq__(self, other):
        return type(self) is type(other) and self.get_config() == other.get_config()

    def __hash__(self):
        return hash(repr(self))

    def get_config(self) -> dict:
        return {"shape": list(self.shape)}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@_package
class ClassLabels(Condition):
    """An integer class label for each example.

    Args:
        num_classes: int; labels are 0 to `num_classes - 1`.

    Example:

    ```python
    condition = keras_gan.conditions.ClassLabels(10)
    condition.check(np.array([0, 9]), num_rows=2)
    ```
    """

    name = "labels"
    dtype = "int32"

    def __init__(self, num_classes: int):
        super().__init__(())
        self.num_classes = arguments.integer("num_classes", num_classes)

    def check(self, values, num_rows):
        num_classes = self.num_classes
        if values is None:
            raise ValueError(
                "The networks are conditional and the data have no labels. Pass "
                "`fit(images, labels)` or a dataset that yields (images, labels)."
            )
        if values.ndim == 2 and values.shape[1] == num_classes > 1:
            raise ValueError(
                f"The labels have the shape {values.shape}, one-hot it seems. Expected "
                "class numbers of shape (batch,): `labels.argmax(axis=1)`."
            )
        if values.shape not in ((num_rows,), (num_rows, 1)):
            raise ValueError(
                f"The labels have the shape {values.shape}. Expected ({num_rows},), a "
                "class number for each image."
            )
        if not np.issubdtype(values.dtype, np.integer):
            raise ValueError(
                f"The labels are {values.dtype}. Expected integers from 0 to "
                f"{num_classes - 1}: `labels.astype('int32')`."
            )
        if values.min() < 0 or values.max() >= num_classes:
            raise ValueError(
                f"The labels run from {values.min()} to {values.max()}. With "
                f"num_classes={num_classes}, expected 0 to {num_classes - 1}."
            )

    def prepare(self, values):
        return ops.reshape(values, (-1,))

    def complete(self, values, num_rows):
        return super().complete(values, num_rows).reshape(-1)

    def default(self, num_rows):
        return np.arange(num_rows) % self.num_classes

    def get_config(self):
        return {"num_classes": self.num_classes}


@_package
class Image(Condition):
    """An image for each example, as in image translation.

    Args:
        shape: `(height, width, channels)`; the height and the width are None where
            the networks take any size.

    Example:

    ```python
    condition = keras_gan.conditions.Image((64, 64, 3))
    condition.check(np.zeros((2, 64, 64, 3), "float32"), num_rows=2)
    any_size = keras_gan.conditions.Image((None, None, 3))
    any_size.check(np.zeros((2, 48, 80, 3), "float32"), num_rows=2)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """

    name = "images"

    def __init__(self, shape: tuple[int | None, int | None, int]):
        super().__init__(arguments.image_shape(shape, any_size=True))

    def check(self, values, num_rows):
        if values is None:
            raise ValueError(
                f"The networks take an image of shape {self.shape} as their condition, "
                "and none was passed. Pass `fit(images, conditions)`, a dataset that "
                "yields (images, conditions), or `generate(..., condition=images)`."
            )
        _check_shape("condition images", values, (num_rows, *self.shape))
        if values.dtype == np.uint8:
            return
        if not np.issubdtype(values.dtype, np.floating):
            raise ValueError(
                f"The condition images are {values.dtype}. Expected float32 in "
                "[-1, 1], or uint8."
            )
        low, high = float(values.min()), float(values.max())
        if not (low >= -1.001 and high <= 1.001):
            raise ValueError(
                f"The condition images lie in [{low:.4g}, {high:.4g}]. Expected "
                "[-1, 1]. Scale them: `images / 127.5 - 1`."
            )

    def prepare(self, values):
        if keras.backend.standardize_dtype(values.dtype) == "uint8":
            values = from_uint8(values)
        return ops.cast(values, "float32")

    def complete(self, values, num_rows):
        values = None if values is None else np.asarray(ops.convert_to_numpy(values))
        if values is not None and values.dtype == np.uint8:
            values = from_uint8(values)
        return super().complete(values, num_rows)


@_package
class Vector(Condition):
    """A vector of numbers for each example, such as attributes or codes.

    Args:
        size: int, the length of the vector.

    Example:

    ```python
    condition = keras_gan.conditions.Vector(3)
    condition.check(np.zeros((2, 3), "float32"), num_rows=2)
    ```
    """

    name = "vectors"

    def __init__(self, size: int):
        super().__init__((arguments.integer("size", size),))

    def check(self, values, num_rows):
        if values is None:
            raise ValueError(
                f"The networks take a vector of {self.shape[0]} numbers as their "
                "condition, and none was passed. Pass `fit(images, conditions)`, a "
                "dataset that yields (images, conditions), or `generate(..., "
                "condition=vectors)`."
            )
        _check_shape("condition vectors", values, (num_rows, *self.shape))
        if not np.issubdtype(values.dtype, np.number):
            raise ValueError(
                f"The condition vectors are {values.dtype}. Expected float32."
            )
        if not np.isfinite(values).all():
            raise ValueError("The condition vectors contain NaN or infinity.")

    def get_config(self):
        return {"size": self.shape[0]}


def get(condition=None, num_classes: int | None = None) -> Condition | None:
    """Return the condition that a condition or a number of classes stands for.

    Args:
        condition: a `Condition`, or None.
        num_classes: int, short for `ClassLabels(num_classes)`.

    Returns:
        A `Condition`, or None for networks without one.

    Raises:
        ValueError: if both are passed, or the condition is not one.

    Example:

    ```python
    condition = keras_gan.conditions.get(num_classes=10)  # ClassLabels(10)
    ```
    """
    if num_classes is not None:
        if condition is not None:
            raise ValueError(
                "Pass either `num_classes`, which is short for "
                "`condition=ClassLabels(num_classes)`, or `condition`. Received: "
                f"num_classes={num_classes}, condition={condition!r}"
            )
        return ClassLabels(num_classes)
    if condition is not None and not isinstance(condition, Condition):
        raise ValueError(
            "`condition` must be from `keras_gan.conditions`, such as "
            f"`ClassLabels(10)`. Received: {condition!r}"
        )
    return condition


def _matches(shape, expected):
    """Whether a shape is the expected one, in which None is any size."""
    return len(shape) == len(expected) and all(
        wanted in (None, size) for size, wanted in zip(shape, expected, strict=True)
    )


def _check_shape(what, values, expected):
    if not _matches(values.shape, expected):
        raise ValueError(
            f"The {what} have the shape {values.shape}. Expected {expected}"
            f"{', in which None is any size' if None in expected else ''}."
        )
