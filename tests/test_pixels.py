"""Bytes and floats: NumPy, the backend and its compiler give the same bits."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.datasets.arrays import scale
from keras_gan.pixels import from_uint8, to_uint8

LEVELS = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)


def compiled(function):
    """The function as the backend's compiler would run it in a training step."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if backend == "jax":
        import jax

        return jax.jit(function)
    return function


def test_bytes_become_floats_by_hand():
    by_hand = from_uint8(np.array([0, 51, 102, 255], np.uint8))
    assert by_hand.dtype == np.float32
    np.testing.assert_allclose(by_hand, [-1, -0.6, -0.2, 1], atol=6e-8)
    assert by_hand[[0, 3]].tolist() == [-1, 1]


def test_it_is_the_usual_scaling():
    usual = LEVELS.astype("float64") / 127.5 - 1
    np.testing.assert_allclose(from_uint8(LEVELS), usual, rtol=0, atol=1e-7)


@pytest.mark.parametrize("way", [lambda function: function, compiled])
def test_the_graph_scales_to_the_bits_of_the_pipeline(way):
    scaled = way(from_uint8)(ops.convert_to_tensor(LEVELS))
    assert keras.backend.standardize_dtype(scaled.dtype) == "float32"
    expected = scale(LEVELS, (0, 255))
    np.testing.assert_array_equal(ops.convert_to_numpy(scaled), expected)


@pytest.mark.backends("tensorflow", reason="XLA in TensorFlow")
def test_xla_scales_to_the_same_bits():
    import tensorflow as tf

    scaled = tf.function(from_uint8, jit_compile=True)(tf.constant(LEVELS))
    np.testing.assert_array_equal(scaled, scale(LEVELS, (0, 255)))


def test_all_levels_come_back():
    np.testing.assert_array_equal(to_uint8(from_uint8(LEVELS)), LEVELS)
    tensor = from_uint8(ops.convert_to_tensor(LEVELS))
    np.testing.assert_array_equal(to_uint8(tensor), LEVELS)


def test_the_bytes_are_left_alone():
    levels = LEVELS.copy()
    from_uint8(levels)
    np.testing.assert_array_equal(levels, LEVELS)
