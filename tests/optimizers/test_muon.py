"""Muon makes the momenta of matrices orthogonal, and is Adam for everything else."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.optimizers import Muon
from keras_gan.optimizers.muon import orthogonal


def number(x):
    return ops.convert_to_numpy(x)


def some(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("shape", [(24, 24), (40, 8), (8, 40), (1, 7)])
def test_orthogonal_keeps_directions_and_levels_sizes(shape):
    matrix = some(shape)
    u, values, v = np.linalg.svd(matrix, full_matrices=False)
    found = number(orthogonal(ops.convert_to_tensor(matrix)))
    in_its_directions = u.T @ found @ v.T
    sizes = np.diag(in_its_directions)
    assert sizes[values > 0.01 * np.linalg.norm(values)].min() > 0.6
    assert sizes.max() < 1.3
    np.testing.assert_allclose(in_its_directions, np.diag(sizes), atol=1e-3)


def test_orthogonal_of_zeros():
    np.testing.assert_array_equal(number(orthogonal(ops.zeros((3, 5)))), 0)


def steps_of(optimizer, shape, path, count=3):
    """Where a variable of zeros is after a few gradients."""
    with keras.name_scope(path):
        variable = keras.Variable(np.zeros(shape, "float32"), name="kernel")
    optimizer.build([variable])
    for seed in range(count):
        optimizer.apply([ops.convert_to_tensor(some(shape, seed))])
    return number(variable)


@pytest.mark.parametrize(
    ("shape", "exclude"),
    [((6,), []), ((4, 5), ["to_im"]), ((3, 3, 2, 4), ["from", "^to_images"])],
)
def test_vectors_and_what_is_excluded_go_by_adam(shape, exclude):
    path = "to_images_from_latents"
    of_adam = steps_of(keras.optimizers.Adam(1e-2, epsilon=1e-12), shape, path)
    found = steps_of(Muon(1e-2, epsilon=1e-12, exclude=exclude), shape, path)
    np.testing.assert_allclose(found, of_adam, rtol=1e-4, atol=1e-7)


def test_matrices_as_by_keras():
    shape = (12, 30)
    of_keras = keras.optimizers.Muon(1e-2, weight_decay=0.0)
    found = steps_of(Muon(1e-2), shape, "dense")
    np.testing.assert_allclose(
        found, steps_of(of_keras, shape, "dense"), rtol=1e-3, atol=1e-5
    )
    assert np.sqrt(np.mean(np.square(found))) < 3 * 1e-2


def test_a_convolution_is_a_matrix_with_a_column_for_each_filter():
    found = steps_of(Muon(1e-2), (3, 3, 4, 8), "conv", count=1)
    gradient = ops.convert_to_tensor(some((3, 3, 4, 8)).reshape(36, 8))
    expected = -1e-2 * 0.2 * 36**0.5 * number(orthogonal(gradient))
    np.testing.assert_allclose(found.reshape(36, 8), expected, rtol=1e-3, atol=1e-6)


def test_it_learns():
    """With a convolution, biases and a schedule."""
    images = some((64, 6, 6, 2))
    targets = np.tanh(images.sum((1, 2)))
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(2, name="to_targets"),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(3e-2, 40)
    model.compile(Muon(rate, exclude=["to_targets"]), "mse")
    before = model.evaluate(images, targets, verbose=0)
    model.fit(images, targets, batch_size=64, epochs=40, verbose=0)
    assert model.evaluate(images, targets, verbose=0) < before / 10


def test_a_pattern_that_fits_no_kernel_is_an_error():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="out")])
    model.compile(Muon(exclude=["output"]), "mse")
    with pytest.raises(ValueError, match=r"'output'.* There are: .*out/kernel"):
        model.fit(some((8, 4)), some((8, 2)), verbose=0)


@pytest.mark.parametrize(
    "setting",
    [
        {"momentum": 1.0},
        {"momentum": "a lot"},
        {"beta_1": -0.1},
        {"beta_2": float("nan")},
        {"epsilon": 0},
        {"exclude": "to_images"},
        {"exclude": [3]},
        {"exclude": ["("]},
        {"exclude": [""]},
    ],
)
def test_bad_settings(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        Muon(**setting)
