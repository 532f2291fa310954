"""Latents from uniform noise, and a separate truncation for each latent."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.latents.priors import Normal, Uniform


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_normal_quantiles_are_those_of_the_tables():
    uniforms = np.array([[0.5, 0.8413447, 0.02275013]], "float32")
    latents = numpy(Normal(3).quantile(uniforms))
    np.testing.assert_allclose(latents, [[0.0, 1.0, -2.0]], atol=1e-5)


def test_normal_quantiles_of_the_ends_are_finite():
    latents = numpy(Normal(2).quantile(np.array([[0.0, 1.0]], "float32")))
    np.testing.assert_allclose(latents, [[-5.295, 5.295]], atol=0.03)


@pytest.mark.parametrize("prior", [Normal(64), Uniform(64, 0.0, 3.0)])
def test_normal_noise_gets_the_distribution_of_samples(prior):
    normals = keras.random.normal((512, 64), seed=0)
    transformed, sampled = (
        numpy(prior.from_normal(normals)),
        numpy(prior.sample(512, 1)),
    )
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    np.testing.assert_allclose(
        np.quantile(transformed, levels), np.quantile(sampled, levels), atol=0.05
    )


def test_uniform_quantiles_run_from_low_to_high():
    latents = numpy(Uniform(3, -2.0, 4.0).quantile(np.array([[0.0, 0.5, 1.0]])))
    np.testing.assert_allclose(latents, [[-2.0, 1.0, 4.0]], atol=1e-6)


@pytest.mark.parametrize("prior", [Normal(64), Uniform(64, 0.0, 3.0)])
def test_quantiles_have_the_distribution_of_samples(prior):
    uniforms = keras.random.uniform((512, 64), seed=0)
    transformed = numpy(prior.quantile(uniforms))
    sampled = numpy(prior.sample(512, seed=1))
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    np.testing.assert_allclose(
        np.quantile(transformed, levels), np.quantile(sampled, levels), atol=0.05
    )


@pytest.mark.parametrize("prior", [Normal(4), Uniform(4)])
def test_each_latent_can_have_its_own_truncation(prior):
    latents = prior.sample(3, seed=0)
    amounts = np.array([[0.25], [0.5], [1.0]], "float32")
    together = numpy(prior.truncate(latents, amounts))
    for i, amount in enumerate([0.25, 0.5, 1.0]):
        alone = numpy(prior.truncate(latents[i : i + 1], amount))
        np.testing.assert_allclose(together[i : i + 1], alone, rtol=1e-5, atol=1e-6)


def test_numbers_are_still_checked():
    with pytest.raises(ValueError, match="standard deviations and must be positive"):
        Normal(4).truncate(np.zeros((1, 4), "float32"), 0.0)
    with pytest.raises(ValueError, match="share of the uniform prior's range"):
        Uniform(4).truncate(np.zeros((1, 4), "float32"), np.float32(1.5))
