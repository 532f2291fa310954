"""Toy mixtures: positions of the modes, and random points that a seed repeats."""

import numpy as np
import pytest

from keras_gan.datasets import Mixture, grid, ring


def test_ring_centers_by_hand():
    expected = [[2, 0], [0, 2], [-2, 0], [0, -2]]
    centers = ring(num_modes=4, radius=2.0).centers
    np.testing.assert_allclose(centers, expected, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(ring().centers, axis=1), 1, rtol=1e-6)
    assert len(ring().centers) == 8


def test_grid_centers_by_hand():
    expected = [[x, y] for y in (-3, 0, 3) for x in (-3, 0, 3)]
    assert grid(num_modes=9, spacing=3.0).centers.tolist() == expected
    assert grid(num_modes=4, spacing=2.0).centers.max() == 1
    assert grid().centers.shape == (25, 2)
    assert grid().centers.max() == 4


@pytest.mark.parametrize("mixture", [ring, grid])
def test_points_lie_around_their_modes(mixture):
    data = mixture(batch_size=10_000, steps_per_epoch=1, labels=True)
    points, modes = data[0]
    assert points.dtype == np.float32
    assert modes.dtype == np.int32
    offsets = (points - data.centers[modes]) / data.std
    np.testing.assert_allclose(offsets.std(axis=0), 1, atol=0.03)
    np.testing.assert_allclose(offsets.mean(axis=0), 0, atol=0.05)
    share = np.bincount(modes, minlength=data.num_classes) / len(modes)
    np.testing.assert_allclose(share, 1 / data.num_classes, atol=0.015)


def test_points_are_new_and_a_function_of_seed_and_step():
    data = ring(batch_size=4, steps_per_epoch=3)
    first, second = ([points.copy() for points in data] for _ in range(2))
    assert len(np.unique(np.concatenate(first + second), axis=0)) == 24
    again = ring(batch_size=4, steps_per_epoch=3)
    again.epoch = 1
    np.testing.assert_array_equal(np.stack(list(again)), np.stack(second))
    assert not np.array_equal(ring(batch_size=4, seed=1)[0], first[0])


def test_arrays_are_the_points_of_the_epoch():
    data = ring(batch_size=4, steps_per_epoch=3, labels=True)
    points, modes = data.arrays()
    assert points.shape == (data.num_samples, 2) == (12, 2)
    np.testing.assert_array_equal(points[4:8], data[1][0])
    np.testing.assert_array_equal(modes[4:8], data[1][1])
    plain = ring(batch_size=4, steps_per_epoch=3)
    np.testing.assert_array_equal(plain.arrays(), points)
    assert plain.num_classes is None


def test_mixture_in_three_dimensions():
    data = Mixture([[5.0, 0.0, 0.0]], std=1e-3, batch_size=2)
    assert data.image_shape == (3,)
    np.testing.assert_allclose(data[0], [[5, 0, 0]] * 2, atol=0.01)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: grid(num_modes=10), "square number such as 9 or 16"),
        (lambda: ring(num_modes=0), "`num_modes` must be an integer of at least 1"),
        (lambda: ring(std=0), "`std` must be positive"),
        (lambda: ring(batch_size=0), "`batch_size` must be an integer"),
        (lambda: Mixture([1.0, 2.0], std=1), r"`centers` must have shape .*\(2,\)"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_repr():
    assert repr(ring()) == (
        "Mixture(8 modes in 2 dimensions, std=0.01; 100 batches of 128, "
        "seed=0, epoch=0)"
    )
