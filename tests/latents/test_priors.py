"""Latent priors: their moments, their seeds, and their truncation."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.latents import codes, priors

ALL = [priors.Normal(8), priors.Uniform(8), priors.Uniform(8, low=0.0, high=4.0)]


def sample(prior, seed=0, num=4000):
    return ops.convert_to_numpy(prior.sample(num, seed=seed))


@pytest.mark.parametrize("prior", ALL, ids=repr)
def test_a_seed_repeats_the_latents(prior):
    assert sample(prior).shape == (4000, 8)
    assert sample(prior).dtype == "float32"
    np.testing.assert_array_equal(sample(prior, 3), sample(prior, 3))
    assert not np.allclose(sample(prior, 3), sample(prior, 4))


def test_moments():
    normal = sample(priors.Normal(8))
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert normal.std() == pytest.approx(1, abs=0.02)
    uniform = sample(priors.Uniform(8, low=0.0, high=4.0))
    assert uniform.mean() == pytest.approx(2, abs=0.04)
    assert uniform.std() == pytest.approx(4 / 12**0.5, abs=0.03)
    assert 0 <= uniform.min() < 0.01 < 3.99 < uniform.max() <= 4


def test_a_seed_generator_advances():
    seed = keras.random.SeedGenerator(0)
    prior = priors.Normal(8)
    assert not np.allclose(sample(prior, seed), sample(prior, seed))


def test_truncated_normal_has_the_distribution_of_resampling():
    latents = sample(priors.Normal(8), num=20_000)
    truncated = ops.convert_to_numpy(priors.Normal(8).truncate(latents, 1.0))
    resampled = latents[np.abs(latents) < 1]
    assert np.abs(truncated).max() <= 1
    for quantile in (0.05, 0.25, 0.5, 0.75, 0.95):
        expected = np.quantile(resampled, quantile)
        assert np.quantile(truncated, quantile) == pytest.approx(expected, abs=0.01)


def test_wide_truncation_changes_almost_nothing():
    latents = sample(priors.Normal(8))
    truncated = ops.convert_to_numpy(priors.Normal(8).truncate(latents, 6.0))
    np.testing.assert_allclose(truncated, latents, atol=5e-3)


def test_truncated_uniform_is_a_narrower_uniform():
    prior = priors.Uniform(8, low=0.0, high=4.0)
    truncated = ops.convert_to_numpy(prior.truncate(sample(prior), 0.5))
    assert 1 <= truncated.min() < 1.01 < 2.99 < truncated.max() <= 3


@pytest.mark.parametrize("prior", ALL, ids=repr)
def test_config_round_trip(prior):
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(prior)
    )
    np.testing.assert_array_equal(sample(again), sample(prior))


def test_bad_arguments():
    with pytest.raises(ValueError, match="integer of at least 1. Received: 0"):
        priors.Normal(0)
    with pytest.raises(ValueError, match="`low` must be below `high`"):
        priors.Uniform(8, low=1.0, high=1.0)
    with pytest.raises(ValueError, match="standard deviations and must be positive"):
        priors.Normal(8).truncate(ops.zeros((1, 8)), 0)
    with pytest.raises(ValueError, match="share of the uniform prior's range"):
        priors.Uniform(8).truncate(ops.zeros((1, 8)), 1.5)


def test_latents_are_confined_to_where_a_prior_has_its_mass():
    far = np.array([[30.0, 40.0], [0.3, 0.4]], "float32")
    normal = ops.convert_to_numpy(priors.Normal(2).confine(far))
    longest = 2**0.5 + 2
    np.testing.assert_allclose(normal, [[0.6 * longest, 0.8 * longest], far[1]], 1e-5)
    uniform = ops.convert_to_numpy(priors.Uniform(2, -1, 5).confine(far))
    np.testing.assert_allclose(uniform, [[5, 5], far[1]])
    kinds = codes.NoiseAndCodes(priors.Uniform(1), {"kind": codes.Categorical(2)})
    confined = ops.convert_to_numpy(kinds.confine([[-7.0, 0.2, 0.3]]))
    np.testing.assert_array_equal(confined, [[-1, 0, 1]])
    drawn = ops.convert_to_numpy(priors.Normal(64).sample(4_000, seed=0))
    kept = (np.linalg.norm(drawn, axis=1) <= 64**0.5 + 2).mean()
    assert 0.995 < kept < 1
