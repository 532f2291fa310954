"""What a row of a request holds in place of a condition.

`serving_default` takes a condition as the generator does. The signatures that draw
noise take one value a row instead: a `label`, which may be left to the seed, a
`vector`, or an `image`, which may be a PNG or JPEG file.
"""

from __future__ import annotations

import math

from keras_gan.conditions import ClassLabels, Condition, Image
from keras_gan.export import images, noise


class Field:
    """An input of a signature that stands for a condition.

    Args:
        condition: a `keras_gan.conditions.Condition`.
        name: str, the name of the input.
        lowest: float, the smallest value that the input may have.
        highest: float, the largest value.
    """

    def __init__(self, condition, name, lowest=-math.inf, highest=math.inf):
        self.condition = condition
        self.name = name
        self.lowest, self.highest = lowest, highest

    def spec(self):
        """Return the `tf.TensorSpec` of the input."""
        import tensorflow as tf

        shape = (None, *self.condition.shape)
        return tf.TensorSpec(shape, self.condition.dtype, self.name)

    def checks(self, value) -> list:
        """Return the operations that refuse a wrong value in a graph."""
        return []

    def read(self, value, seeds):
        """Turn the input into the condition that the generator takes.

        Args:
            value: tensor of `spec`.
            seeds: int64 tensor `(batch,)`.
        """
        return value


class LabelField(Field):
    """A class label, where -1 leaves the class to the seed."""

    def __init__(self, condition):
        super().__init__(condition, "label", -1, condition.num_classes - 1)

    def checks(self, value):
        import tensorflow as tf

        expected = f"label must be from 0 to {self.highest}, or -1 for any."
        return [
            tf.debugging.assert_greater_equal(value, self.lowest, expected),
            tf.debugging.assert_less_equal(value, self.highest, expected),
        ]

    def read(self, value, seeds):
        return noise.draw_labels(seeds, value, self.condition.num_classes)


class ImageField(Field):
    """An image as float32 in [-1, 1]."""

    def __init__(self, condition):
        super().__init__(condition, "image", -1, 1)


class FileField(Field):
    """An image as a PNG or JPEG file."""

    def __init__(self, condition):
        super().__init__(condition, "image_bytes")

    def spec(self):
        import tensorflow as tf

        return tf.TensorSpec((None,), "string", self.name)

    def read(self, value, seeds):
        return images.decode_picture(value, self.condition.shape)


def field_of(condition: Condition | None, as_file: bool = False) -> Field | None:
    """Return the field of a row that stands for a condition.

    Args:
        condition: a `keras_gan.conditions.Condition`, or None.
        as_file: bool, whether an image comes as a file.
    """
    if condition is None:
        return None
    if isinstance(condition, ClassLabels):
        return LabelField(condition)
    if isinstance(condition, Image):
        return FileField(condition) if as_file else ImageField(condition)
    return Field(condition, condition.name.removesuffix("s"))
