"""Derivatives through augmentation.

After sampling, an augmentation is an affine map, T(x) = A x + b. DiffAugment's
colour changes use means of the image, which are linear too; filters are linear, and
noise is in b. Therefore
T(x + v) - T(x) = A v holds for steps of any size, the gradient of the sum of
T(x) * u is A' u, and R1 of a linear discriminator w . T(x) is |A' w|^2.
"""

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops

from keras_gan import backend
from keras_gan.augment import DiffAugment, RandomAugment

AUGMENTS = {
    "diff": DiffAugment(),
    "ada": RandomAugment(0.8, ["blit", "geometry", "color", "cutout"]),
    "complete": RandomAugment(
        0.8,
        ["blit", "geometry", "color", "filter", "noise", "cutout"],
        interpolation="wavelet",
    ),
}
SHAPES = {"colour": (4, 7, 7, 3), "grey, wide": (4, 5, 8, 1)}


def random_tensor(shape, seed):
    values = np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")
    return ops.convert_to_tensor(values)


@pytest.fixture(params=AUGMENTS)
def augment(request):
    return AUGMENTS[request.param]


@pytest.fixture(params=SHAPES)
def shape(request):
    return SHAPES[request.param]


def inner(a, b):
    return np.sum(ops.convert_to_numpy(a) * ops.convert_to_numpy(b), axis=(1, 2, 3))


def input_gradient(function, x):
    return as_one(lambda x: backend.input_gradient(function, x))(x)


def test_gradient_is_the_adjoint_of_the_linear_part(augment, shape):
    x, v, u = random_tensor(shape, 0), random_tensor(shape, 1), random_tensor(shape, 2)
    change = as_one(augment.sample(x, seed=7))
    _, gradient = input_gradient(lambda x: ops.sum(change(x) * u), x)
    forward = inner(change(x + v) - change(x), u)  # (A v) . u, for each image
    np.testing.assert_allclose(inner(v, gradient), forward, rtol=1e-3, atol=1e-4)
    assert np.abs(forward).min() > 1e-3


def test_gradient_agrees_with_finite_differences_pixel_by_pixel(augment, shape):
    x, u = random_tensor(shape, 0), random_tensor(shape, 2)
    change = as_one(augment.sample(x, seed=7))
    _, gradient = input_gradient(lambda x: ops.sum(change(x) * u), x)
    before = inner(change(x), u)
    for row, column in ((0, 0), (2, 3), (shape[1] - 1, shape[2] - 1)):
        step = np.zeros(shape, "float32")
        step[:, row, column, 0] = 1.0
        difference = inner(change(x + ops.convert_to_tensor(step)), u) - before
        found = ops.convert_to_numpy(gradient)[:, row, column, 0]
        np.testing.assert_allclose(found, difference, atol=1e-4)


def test_r1_through_the_augmentation_reaches_the_weights(augment, shape):
    x = random_tensor(shape, 0)
    weights = keras.Variable(random_tensor((1, *shape[1:]), 3))
    change = as_one(augment.sample(x, seed=7))

    def discriminate(x):
        return ops.sum(change(x) * weights, axis=(1, 2, 3))

    def r1():
        _, gradient = backend.input_gradient(discriminate, x)  # A' w
        penalty = ops.sum(ops.square(gradient))
        return penalty, penalty

    (_, penalty), (gradient,) = as_one(lambda: backend.gradients(r1, [weights]))()
    _, by_input = input_gradient(discriminate, x)
    np.testing.assert_allclose(penalty, np.sum(inner(by_input, by_input)), rtol=1e-5)
    # d|A' w|^2 / dw = 2 A A' w, and A v = T(x + v) - T(x).
    expected = ops.convert_to_numpy(change(x + by_input) - change(x))
    expected = 2 * expected.sum(axis=0, keepdims=True)
    found = ops.convert_to_numpy(gradient)
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert np.abs(found).max() > 0.1


def test_images_of_a_batch_are_independent(augment, shape):
    x = random_tensor(shape, 0)
    change = as_one(augment.sample(x, seed=7))
    _, gradient = input_gradient(lambda x: ops.sum(change(x)[1]), x)
    gradient = ops.convert_to_numpy(gradient)
    assert np.abs(gradient[1]).max() > 0
    assert (np.delete(gradient, 1, axis=0) == 0).all()
