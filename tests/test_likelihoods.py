"""Likelihoods by hand, over all values of a pixel, and the data that they refuse."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import datasets, likelihoods


def nats(likelihood, generated, images):
    shape = np.broadcast_shapes(np.shape(generated), np.shape(images))
    given = [
        ops.convert_to_tensor(np.broadcast_to(each, shape).astype("float32"))
        for each in (generated, images)
    ]
    return ops.convert_to_numpy(likelihood(*given))


def test_bernoulli_by_hand():
    likelihood = likelihoods.Bernoulli()
    u = np.array([[-3.0, 0.0, 2.0]])
    p = 1 / (1 + np.exp(-2 * u))  # a tanh is twice a sigmoid, less 1
    white = nats(likelihood, np.tanh(u), np.ones((1, 3)))
    assert white == pytest.approx(np.log(p).sum(), rel=1e-5)
    mixed = nats(likelihood, np.tanh(u), np.array([[-1.0, 1.0, -1.0]]))
    expected = np.log(1 - p[0, 0]) + np.log(p[0, 1]) + np.log(1 - p[0, 2])
    assert mixed == pytest.approx(expected, rel=1e-5)


def test_bernoulli_is_finite_where_a_tanh_is_saturated():
    sure = nats(likelihoods.Bernoulli(), np.ones((2, 4)), np.array([[1.0], [-1.0]]))
    assert sure[0] == pytest.approx(0, abs=1e-5)
    assert -80 < sure[1] < -50


def test_discretized_logistic_sums_to_one():
    likelihood = likelihoods.DiscretizedLogistic(scale=0.07)
    levels = (np.arange(256) / 127.5 - 1)[:, None]
    for middle in (-1.0, -0.3, 0.98):
        total = np.exp(nats(likelihood, np.full((256, 1), middle), levels)).sum()
        assert total == pytest.approx(1, abs=1e-4)
    sharp = likelihoods.DiscretizedLogistic(scale=1e-3)
    far = nats(sharp, np.full((1, 1), -1.0), np.ones((1, 1)))
    assert np.isfinite(far).all()


def test_gaussian_by_hand():
    likelihood = likelihoods.Gaussian(scale=0.5)
    found = nats(likelihood, np.zeros((1, 3)), np.array([[0.5, 0.0, -1.0]]))
    expected = -0.5 * (1 + 0 + 4) - 3 * (np.log(0.5) + 0.5 * np.log(2 * np.pi))
    assert found == pytest.approx(expected, rel=1e-5)
    assert [v.path for v in likelihood.trainable_variables]
    assert not likelihoods.Gaussian(0.5, learned=False).trainable_variables


def test_they_are_float32_under_any_policy():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        likelihood = likelihoods.Bernoulli()
    finally:
        keras.config.set_dtype_policy("float32")
    found = likelihood(ops.ones((1, 2)) * 0.001, ops.ones((1, 2)))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_grey_images_are_refused_by_name(dtype):
    grey = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 1), "uint8")
    grey = grey if dtype == "uint8" else grey.astype("float32") / 127.5 - 1
    with pytest.raises(ValueError, match=r"Binarise the images, `keras_gan.datasets"):
        likelihoods.Bernoulli().check(grey)
    binary = datasets.binarize(grey, 0)
    assert binary.dtype == dtype
    likelihoods.Bernoulli().check(binary)
    likelihoods.DiscretizedLogistic().check(grey)


def test_binarization_has_the_mean_of_the_grey():
    grey = np.full((100, 8, 8, 1), 64, "uint8")
    binary = datasets.binarize(grey, 3)
    assert set(np.unique(binary)) == {0, 255}
    assert binary.mean() == pytest.approx(64, abs=5)
    np.testing.assert_array_equal(binary, datasets.binarize(grey, 3))
    assert not np.array_equal(binary, datasets.binarize(grey, 4))
    ends = np.array([0, 255], "uint8").reshape(2, 1, 1, 1)
    np.testing.assert_array_equal(datasets.binarize(ends), ends)


def test_a_dataset_binarizes_in_every_pass_anew():
    grey = np.full((8, 4, 4, 1), 128, "uint8")
    data = datasets.Batches(grey, batch_size=8, augment="binarize", shuffle=False)
    first, second = data[0], data.batch(1)
    assert set(np.unique(first)) == {-1, 1}
    assert not np.array_equal(first, second)


def test_get():
    assert isinstance(likelihoods.get("gaussian"), likelihoods.Gaussian)
    with pytest.raises(ValueError, match="one of"):
        likelihoods.get("poisson")
    with pytest.raises(ValueError, match="must be positive"):
        likelihoods.Gaussian(scale=0.0)
