"""Codes beside the noise: drawn, set, and how much images tell of them."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.latents import (
    Categorical,
    NoiseAndCodes,
    Normal,
    Prior,
    Uniform,
    default_codes,
)


def new_prior():
    codes = {"digit": Categorical(3), "slant": Uniform(1), "both": Normal(2)}
    return NoiseAndCodes(Uniform(4), codes)


def array(value):
    return ops.convert_to_numpy(value)


def test_a_latent_is_the_noise_and_then_the_codes():
    prior = new_prior()
    assert (prior.latent_dim, prior.code_dim) == (10, 6)
    latents = array(prior.sample(3_000, seed=0))
    codes = {name: array(c) for name, c in prior.codes_of(latents).items()}
    assert {name: c.shape[1] for name, c in codes.items()} == {
        "digit": 3,
        "slant": 1,
        "both": 2,
    }
    assert set(np.unique(codes["digit"])) == {0.0, 1.0}
    np.testing.assert_array_equal(codes["digit"].sum(axis=1), 1)
    np.testing.assert_allclose(codes["digit"].mean(axis=0), 1 / 3, atol=0.03)
    assert np.abs(codes["slant"]).max() <= 1
    # The parts draw numbers of their own.
    assert abs(np.corrcoef(latents[:, 0], codes["slant"][:, 0])[0, 1]) < 0.06


def test_a_head_returns_only_the_codes():
    prior = new_prior()
    latents = prior.sample(5, seed=0)
    of_all, of_codes = prior.codes_of(latents), prior.codes_of(latents[:, -6:])
    for name, code in of_all.items():
        np.testing.assert_array_equal(array(code), array(of_codes[name]))


def test_set_codes_leaves_all_else():
    prior = new_prior()
    latents = array(prior.sample(4, seed=0))
    made = prior.set_codes(latents, digit=[0, 1, 2, 0], slant=0.5, both=(1.0, -1.0))
    np.testing.assert_array_equal(made[:, :4], latents[:, :4])
    np.testing.assert_array_equal(made[:, 4:7], np.eye(3)[[0, 1, 2, 0]])
    np.testing.assert_array_equal(made[:, 7], 0.5)
    np.testing.assert_array_equal(made[:, 8:], np.tile([1.0, -1.0], (4, 1)))
    np.testing.assert_array_equal(prior.set_codes(latents, slant=None), latents)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"size": 1}, "no code 'size'. There are: 'digit', 'slant', 'both'"),
        ({"digit": 3}, "categories 0 to 2. Received: 3"),
        ({"digit": -1}, "categories 0 to 2. Received: -1"),
        ({"digit": 0.5}, "is a category, an integer from 0 to 2"),
        ({"slant": 1.5}, r"lies in \[-1.0, 1.0\]. Received: 1.5"),
        ({"slant": np.nan}, "finite"),
        ({"slant": [0.1, 0.2]}, r"shape \(2,\). Expected \(\) for all"),
        ({"both": 0.5}, r"shape \(\). Expected \(2,\)"),
    ],
)
def test_wrong_codes_are_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        new_prior().set_codes(np.zeros((4, 10), "float32"), **codes)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({}, "at least one code"),
        ({"seed": Uniform(1)}, "cannot be called 'seed'"),
        ({"a b": Uniform(1)}, "cannot be called 'a b'"),
        ({"digit": 10}, "must be a prior"),
        ({"digit": Prior(1)}, "no `entropy`"),
    ],
)
def test_wrong_parts_are_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        NoiseAndCodes(Uniform(4), codes)


def test_truncation_is_of_the_noise():
    prior = new_prior()
    latents = array(prior.sample(50, seed=0))
    cut = array(prior.truncate(latents, 0.5))
    assert np.abs(cut[:, :4]).max() <= 0.5
    np.testing.assert_array_equal(cut[:, 4:], latents[:, 4:])


def test_entropies_by_hand():
    assert Categorical(10).entropy() == pytest.approx(math.log(10))
    assert Uniform(2).entropy() == pytest.approx(2 * math.log(2))
    assert Normal(1).entropy() == pytest.approx(1.4189385)


def test_likelihoods_by_hand():
    one_hot, logits = np.eye(2, dtype="float32"), np.log([[0.8, 0.2], [0.5, 0.5]])
    found = array(Categorical(2).log_likelihood(one_hot, ops.cast(logits, "float32")))
    np.testing.assert_allclose(found, np.log([0.8, 0.5]), rtol=1e-5)
    found = array(Uniform(1).log_likelihood(np.float32([[1.0]]), np.float32([[-1.0]])))
    np.testing.assert_allclose(found, [-2.0 - 0.5 * math.log(2 * math.pi)], rtol=1e-6)


def test_information_of_what_is_seen_and_of_what_is_not():
    rng = np.random.default_rng(0)
    drawn = rng.uniform(-1, 1, (20_000, 1)).astype("float32")
    nothing = float(Uniform(1).information(drawn, np.zeros_like(drawn)))
    # A uniform of variance 1/3 against a normal of that variance.
    assert nothing == pytest.approx(
        math.log(2) - 0.5 * math.log(2 * math.pi * math.e / 3), abs=0.01
    )
    noisy = drawn + rng.normal(0, 0.1, drawn.shape).astype("float32")
    seen = float(Uniform(1).information(drawn, noisy))
    assert seen == pytest.approx(math.log(2) - math.log(0.1) - 1.4189385, abs=0.02)
    certain = 50.0 * np.eye(4, dtype="float32")
    found = float(Categorical(4).information(np.eye(4, dtype="float32"), certain))
    assert found == pytest.approx(math.log(4))


def test_default_codes_are_those_of_digits():
    prior = default_codes()
    assert list(prior.codes) == ["category", "code_1", "code_2"]
    assert (prior.latent_dim, prior.code_dim) == (74, 12)


def test_configuration():
    prior = new_prior()
    text = keras.saving.serialize_keras_object(prior)
    again = keras.saving.deserialize_keras_object(text)
    assert repr(again) == repr(prior)
    np.testing.assert_array_equal(
        array(again.sample(3, seed=1)), array(prior.sample(3, seed=1))
    )
