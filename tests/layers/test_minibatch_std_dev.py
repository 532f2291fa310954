"""Minibatch standard deviation, with numbers worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.layers import MinibatchStdDev


def appended(layer, x):
    x = np.asarray(x, "float32")
    y = ops.convert_to_numpy(layer(ops.array(x)))
    np.testing.assert_array_equal(y[..., : x.shape[-1]], x)
    return y[..., x.shape[-1] :]


def test_vectors_by_hand():
    # Groups (0, 4) and (1, 1): deviations 2 and 0 (but for the root's epsilon).
    # The second feature is constant: its deviation of 0 halves the mean.
    x = [[0, 7], [1, 7], [4, 7], [1, 7]]
    deviations = appended(MinibatchStdDev(group_size=2), x)
    np.testing.assert_allclose(deviations, [[1], [0], [1], [0]], atol=2e-4)


def test_groups_are_those_of_the_papers_code():
    """There, x is reshaped to (group_size, num_groups, ...)."""
    x = np.random.default_rng(0).normal(size=(12, 3)).astype("float32")
    expected = np.sqrt(x.reshape(4, 3, 3).var(axis=0) + 1e-8).mean(axis=1)
    deviations = appended(MinibatchStdDev(group_size=4), x)
    np.testing.assert_allclose(deviations[:, 0], np.tile(expected, 4), rtol=1e-5)


def test_images_get_the_mean_over_places_and_channels():
    x = np.zeros((2, 2, 1, 2))
    x[1] = [[[2, 4]], [[6, 8]]]  # deviations 1, 2, 3, 4
    deviations = appended(MinibatchStdDev(), x)
    assert deviations.shape == (2, 2, 1, 1)
    np.testing.assert_allclose(deviations, 2.5, rtol=1e-5)


def test_several_channels():
    x = np.zeros((2, 2, 1, 2))
    x[1] = [[[2, 4]], [[6, 8]]]  # by channel: (1 + 3) / 2 and (2 + 4) / 2
    deviations = appended(MinibatchStdDev(num_channels=2), x)
    np.testing.assert_allclose(deviations[0, 0, 0], [2, 3], rtol=1e-5)
    np.testing.assert_allclose(deviations[1, 1, 0], [2, 3], rtol=1e-5)


def test_a_batch_that_the_group_does_not_divide():
    # Filled up with the first, 0: groups (0, 8), (2, 5), (4, 0).
    x = [[0], [2], [4], [8], [5]]
    deviations = appended(MinibatchStdDev(group_size=2), x)
    np.testing.assert_allclose(deviations[:, 0], [4, 1.5, 2, 4, 1.5], rtol=1e-5)


def test_a_batch_smaller_than_a_group():
    deviations = appended(MinibatchStdDev(group_size=4), [[0], [3], [6]])
    np.testing.assert_allclose(deviations, np.sqrt(6), rtol=1e-5)
    np.testing.assert_allclose(appended(MinibatchStdDev(), [[9]]), 0, atol=2e-4)


def test_half_precision_keeps_large_values():
    x = np.full((4, 2), 300.0)
    x[::2] = -300.0  # squared, 90,000 is out of float16's range
    layer = MinibatchStdDev(dtype="float16")
    y = ops.convert_to_numpy(layer(ops.array(x, "float16")))
    assert y.dtype == np.float16
    np.testing.assert_allclose(y[:, 2], 300.0)


def test_in_a_model_with_batches_of_every_size():
    inputs = keras.Input((4, 3, 6))
    model = keras.Model(inputs, MinibatchStdDev(num_channels=3)(inputs))
    assert model.output_shape == (None, 4, 3, 9)
    x = np.random.default_rng(0).normal(size=(7, 4, 3, 6)).astype("float32")
    y = model.predict(x, batch_size=5, verbose=0)
    layer = MinibatchStdDev(num_channels=3)
    np.testing.assert_allclose(y[:5, ..., 6:], appended(layer, x[:5]), atol=1e-5)
    np.testing.assert_allclose(y[5:, ..., 6:], appended(layer, x[5:]), atol=1e-5)
    again = keras.Model.from_config(model.get_config()).layers[1]
    assert (again.group_size, again.num_channels) == (4, 3)


def test_refused():
    with pytest.raises(ValueError, match="`group_size` must be an integer of at least"):
        MinibatchStdDev(group_size=0)
    with pytest.raises(
        ValueError, match="5 channels cannot be cut into num_channels=2"
    ):
        MinibatchStdDev(num_channels=2)(ops.ones((4, 5)))
