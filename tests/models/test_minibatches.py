"""A batch, and its parts."""

import numpy as np
import pytest
from keras import ops

from keras_gan.conditions import ClassLabels
from keras_gan.models.minibatches import accumulate, split, unpack
from keras_gan.sampler import _fill, _round_size


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_split_covers_the_batch_in_order():
    batch = ops.arange(10), None
    parts = split(batch, 5)
    np.testing.assert_array_equal(
        np.concatenate([numpy(part) for part, _ in parts]), np.arange(10)
    )
    assert [len(part) for part, _ in parts] == [2] * 5
    assert all(nothing is None for _, nothing in parts)


def test_bytes_are_scaled_and_labels_flattened():
    images = np.array([[0, 255]], "uint8")
    real, labels = unpack(
        (ops.convert_to_tensor(images), ops.ones((1, 1))), ClassLabels(3)
    )
    np.testing.assert_array_equal(numpy(real), [[-1.0, 1.0]])
    assert labels.shape == (1,)
    assert unpack(ops.ones((2, 2)))[1] is None


def test_accumulate_takes_the_mean_of_every_leaf():
    parts = [(ops.ones(()) * value,) for value in (1.0, 3.0, 8.0)]
    mean, nothing = accumulate(lambda value: [2 * value, None], parts)
    assert float(numpy(mean)) == 8.0
    assert nothing is None


@pytest.mark.parametrize(
    ("num_images", "expected"),
    [(1, 1), (2, 2), (5, 8), (64, 64), (65, 100), (999, 100)],
)
def test_few_sizes(num_images, expected):
    assert _round_size(num_images, 100) == expected


def test_fill_repeats_the_last_row():
    rows = np.array([[1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(_fill(rows, 2), [[1.0], [2.0], [3.0], [3.0]])
    np.testing.assert_array_equal(_fill(np.array([4, 5]), 2), [4, 5])
