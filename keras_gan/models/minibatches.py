"""A batch: what is in it, and in parts, for k steps or for one gradient."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.pixels import from_uint8


def unpack(data, num_classes=None):
    """The images and the labels of a batch, as the networks take them.

    Args:
        data: images, or a tuple `(images, labels)`. Bytes are scaled to [-1, 1].
        num_classes: int, or None for networks that take no labels.

    Returns:
        `images, labels`: float32 `(batch, ...)`, and int `(batch,)` or None.
    """
    images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
    if keras.backend.standardize_dtype(images.dtype) == "uint8":
        images = from_uint8(images)
    labels = ops.reshape(labels, (-1,)) if num_classes else None
    return ops.cast(images, "float32"), labels


def split(batch, num_parts):
    """Cut a batch into parts, equal where their number divides it.

    Args:
        batch: nest of tensors `(batch, ...)`; None may be in it.
        num_parts: int.

    Returns:
        List of nests like `batch`.
    """
    if num_parts == 1:
        return [batch]
    size = ops.shape(next(t for t in keras.tree.flatten(batch) if t is not None))[0]

    def part(tensor, i):
        if tensor is None:
            return None
        return tensor[i * size // num_parts : -(-(i + 1) * size // num_parts)]

    return [
        keras.tree.map_structure(lambda tensor, i=i: part(tensor, i), batch)
        for i in range(num_parts)
    ]


def accumulate(take, parts):
    """The mean of what a function gives for every part, one part at a time.

    A gradient of a mean over the batch is the mean of the gradients over its parts,
    and only one part's activations are in memory.

    Args:
        take: function of a part that returns a nest of tensors; None may be in it.
        parts: list of tuples, the arguments of `take`.
    """
    total = take(*parts[0])
    for part in parts[1:]:
        addend = take(*backend.after(total, part))
        total = keras.tree.map_structure(_add, total, addend)
    if len(parts) == 1:
        return total
    return keras.tree.map_structure(
        lambda value: None if value is None else value / len(parts), total
    )


def _add(a, b):
    return None if a is None else a + b


def round_size(num_images, at_most):
    """A power of two, or the most: few sizes, so that few graphs are compiled."""
    return min(1 << (num_images - 1).bit_length(), at_most)


def fill(array, size):
    """Repeat the last row until the rows fill batches of one size."""
    return np.pad(
        array, [(0, -len(array) % size)] + [(0, 0)] * (array.ndim - 1), mode="edge"
    )
