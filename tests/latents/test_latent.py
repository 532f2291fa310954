"""Interpolation, walks and sweeps, by hand."""

import numpy as np
import pytest
from keras import ops

from keras_gan import latents


def test_linear_steps_are_equal():
    path = latents.interpolate([0.0, 4.0], [2.0, 0.0], 3, method="linear")
    assert path.dtype == np.float32
    np.testing.assert_array_equal(path, [[0, 4], [1, 2], [2, 0]])


def test_a_quarter_circle_by_hand():
    path = latents.interpolate([1.0, 0.0], [0.0, 1.0], 4)
    half_root_3 = np.sqrt(3) / 2
    expected = [[1, 0], [half_root_3, 0.5], [0.5, half_root_3], [0, 1]]
    np.testing.assert_allclose(path, expected, atol=1e-6)


def test_length_is_linear_along_the_arc():
    path = latents.interpolate([2.0, 0.0], [0.0, 6.0], 5)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), [2, 3, 4, 5, 6], rtol=1e-6)
    np.testing.assert_allclose(path[2], [np.sqrt(8), np.sqrt(8)], rtol=1e-6)


def test_agrees_with_shoemakes_formula():
    start, end = np.random.default_rng(0).normal(size=(2, 64))
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    angle = np.arccos(start @ end / (start @ start))
    t = np.linspace(0, 1, 7)[:, None]
    expected = (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / np.sin(
        angle
    )
    np.testing.assert_allclose(
        latents.interpolate(start, end, 7), expected, rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("method", ["spherical", "linear"])
def test_both_ends_are_exact(method):
    ends = np.random.default_rng(1).normal(size=(2, 3, 100)).astype("float32")
    paths = latents.interpolate(*ends, 11, method).reshape(3, 11, 100)
    np.testing.assert_array_equal(paths[:, 0], ends[0])
    np.testing.assert_array_equal(paths[:, -1], ends[1])


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [
        ([3.0, 4.0], [3.0, 4.0], [3.0, 4.0]),
        ([3.0, 4.0], [6.0, 8.0], [4.5, 6.0]),
        ([0.0, 0.0], [6.0, 8.0], [3.0, 4.0]),
        ([6.0, 8.0], [0.0, 0.0], [3.0, 4.0]),
        ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0]),
        ([2.0], [-4.0], [-1.0]),
    ],
    ids=["equal", "parallel", "from zero", "to zero", "zeros", "one dimension"],
)
def test_vectors_without_an_angle_between_them(start, end, middle):
    np.testing.assert_allclose(latents.interpolate(start, end, 3)[1], middle, rtol=1e-6)


def test_almost_parallel_vectors_stay_on_the_sphere():
    path = latents.interpolate([1.0, 0.0, 0.0], [1.0, 1e-6, 0.0], 3)
    np.testing.assert_allclose(path[1], [1.0, 5e-7, 0.0], rtol=1e-5)


@pytest.mark.parametrize("nudge", [0.0, 1e-9, 1e-5])
def test_opposite_vectors_follow_the_sphere(nudge):
    start = np.array([3.0, 0.0, 4.0])
    path = latents.interpolate(start, -start + [0.0, nudge, 0.0], 9)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 5.0, rtol=1e-5)
    np.testing.assert_allclose(path[4] @ start, 0.0, atol=1e-4)


def test_batches_give_path_after_path():
    start, end = np.zeros((2, 3)), np.ones((2, 3)) * [[1], [2]]
    paths = latents.interpolate(start, end, 3, method="linear")
    assert paths.shape == (6, 3)
    np.testing.assert_allclose(paths[:, 0], [0, 0.5, 1, 0, 1, 2])


def test_takes_tensors():
    start, end = ops.convert_to_tensor([1.0, 0.0]), ops.convert_to_tensor([0.0, 1.0])
    path = latents.interpolate(start, end, 3)
    np.testing.assert_allclose(path[1], [np.sqrt(0.5)] * 2, rtol=1e-6)


def test_closed_walk_passes_every_key():
    keys = np.random.default_rng(0).normal(size=(3, 50)).astype("float32")
    steps = latents.walk(keys, num_steps=10)
    assert steps.shape == (30, 50)
    np.testing.assert_array_equal(steps[::10], keys)
    last_path = latents.interpolate(keys[2], keys[0], 11)
    np.testing.assert_allclose(steps[20:], last_path[:-1], rtol=1e-5, atol=1e-6)


def test_open_walk_ends_at_the_last_key():
    keys = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]
    steps = latents.walk(keys, 2, method="linear", loop=False)
    np.testing.assert_array_equal(steps, [[0, 0], [1, 0], [2, 0], [2, 1], [2, 2]])


def test_sweep_varies_one_dimension():
    swept = latents.sweep([1.0, 2.0, 3.0], 1, [-5, 0, 5])
    np.testing.assert_array_equal(swept, [[1, -5, 3], [1, 0, 3], [1, 5, 3]])
    assert swept.dtype == np.float32


def test_sweep_takes_any_whole_number_as_dimension():
    for dimension in (2.0, np.int64(2)):
        swept = latents.sweep([1.0, 2.0, 3.0], dimension, [5])
        np.testing.assert_array_equal(swept, [[1, 2, 5]])


def test_sweep_of_a_batch():
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    swept = latents.sweep(start, 0, [7, 8])
    np.testing.assert_array_equal(swept, [[7, 2], [8, 2], [7, 4], [8, 4]])
    np.testing.assert_array_equal(start, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: latents.interpolate([0.0, 1.0], [0.0], 3), "same shape"),
        (lambda: latents.interpolate([0.0], [1.0], 1), "`num_steps`.* at least 2"),
        (lambda: latents.interpolate([0.0], [1.0], 2.5), "`num_steps`.* integer"),
        (lambda: latents.interpolate([0.0], [1.0], 3, "cubic"), "linear.*'cubic'"),
        (lambda: latents.interpolate([np.nan], [1.0], 3), "`start` contains NaN"),
        (lambda: latents.interpolate(1.0, 2.0, 3), r"\(latent_dim,\)"),
        (lambda: latents.walk([[1.0, 2.0]], 3), "at least two latents"),
        (lambda: latents.walk([[1.0], [2.0]], 0), "`num_steps`.* at least 1"),
        (lambda: latents.sweep([1.0, 2.0], 2, [0.0]), "from 0 to 1"),
        (lambda: latents.sweep([1.0, 2.0], 0.5, [0.0]), "`dimension`.* integer"),
        (lambda: latents.sweep([1.0, 2.0], -1, [0.0]), "`dimension`.* at least 0"),
        (lambda: latents.sweep([1.0, 2.0], 0, []), "at least one number"),
        (lambda: latents.sweep([1.0, 2.0], 0, [np.inf]), "`values` contains NaN"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
