"""Padding by reflection, by hand and as NumPy does it."""

import numpy as np
import pytest
from keras import ops

from keras_gan import backend
from keras_gan.layers import ReflectionPadding2D


def test_as_numpy_does_it():
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
    for padding in (1, 3):
        y = ReflectionPadding2D(padding)(ops.convert_to_tensor(x))
        both = (padding, padding)
        expected = np.pad(x, [(0, 0), both, both, (0, 0)], mode="reflect")
        np.testing.assert_array_equal(ops.convert_to_numpy(y), expected)


def test_gradient_counts_how_often_a_pixel_is_seen():
    x = ops.ones((1, 3, 4, 1))
    layer = ReflectionPadding2D(1)
    _, gradient = backend.input_gradient(lambda x: ops.sum(layer(x)), x)
    rows, columns = [1, 3, 1], [1, 2, 2, 1]
    np.testing.assert_allclose(
        ops.convert_to_numpy(gradient)[0, :, :, 0], np.outer(rows, columns)
    )


def test_images_that_are_too_small():
    with pytest.raises(ValueError, match=r"reflects 3 pixels.*shape \(2, 3, 8, 1\)"):
        ReflectionPadding2D(3)(ops.ones((2, 3, 8, 1)))
    with pytest.raises(ValueError, match="`padding` must be an integer of at least 1"):
        ReflectionPadding2D(0)
