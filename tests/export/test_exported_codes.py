"""Codes as inputs of an exported generator: given, or left to the seed."""

import json

import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.latents import Categorical, NoiseAndCodes, Normal, Uniform

pytestmark = pytest.mark.backends("tensorflow", reason="exports run there")


@pytest.fixture(scope="module")
def sampler():
    codes = {"kind": Categorical(3), "size": Uniform(1), "both": Normal(2)}
    prior = NoiseAndCodes(Normal(4), codes)
    generator = architectures.infogan_generator((8, 8, 1), 10, width=4, units=8)
    return keras_gan.Sampler(generator, prior)


@pytest.fixture(scope="module")
def model(sampler, tmp_path_factory):
    import tensorflow as tf

    path = sampler.export(tmp_path_factory.mktemp("codes") / "model")
    return path, tf.saved_model.load(str(path)).signatures


def draw(signatures, seeds, kind=-1, size=np.nan, both=(np.nan, np.nan)):
    num = len(seeds)
    rows = {
        "seed": np.array(seeds, "int64"),
        "truncation": np.zeros(num, "float32"),
        "kind": np.broadcast_to(np.int32(kind), num),
        "size": np.broadcast_to(np.float32(size), num),
        "both": np.broadcast_to(np.float32(both), (num, 2)),
    }
    import tensorflow as tf

    rows = {name: tf.constant(value) for name, value in rows.items()}
    return signatures["sample"](**rows)["images"].numpy()


def test_a_code_that_is_given_is_used_and_the_rest_is_the_seed_s(model):
    _, signatures = model
    free = draw(signatures, [1, 2, 3])
    np.testing.assert_array_equal(draw(signatures, [1, 2, 3]), free)
    np.testing.assert_allclose(draw(signatures, [3])[0], free[2], atol=1e-6)
    by_kind = [draw(signatures, [1, 2, 3], kind=kind) for kind in range(3)]
    differ = [np.abs(images - free).max(axis=(1, 2, 3)) > 1e-6 for images in by_kind]
    # Each seed has one kind of its own, with which nothing changes.
    np.testing.assert_array_equal(np.sum(differ, axis=0), [2, 2, 2])
    assert not np.allclose(draw(signatures, [1], size=0.9), free[:1])
    assert not np.allclose(draw(signatures, [1], both=(2.0, -2.0)), free[:1])


def test_all_codes_given_are_those_of_keras(sampler, model):
    _, signatures = model
    given = {"kind": 2, "size": -0.5, "both": (0.3, 1.2)}
    images = draw(signatures, [5], **given)
    other = draw(signatures, [6], **given)
    assert not np.allclose(images, other)  # the noise is the seed's
    assert images.shape == (1, 8, 8, 1)


@pytest.mark.parametrize(
    ("codes", "message"),
    [({"kind": 3}, "kind must be from -1 to 2"), ({"size": 1.5}, "size must be from")],
)
def test_codes_out_of_range_are_refused_in_the_graph(model, codes, message):
    import tensorflow as tf

    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        draw(model[1], [1], **codes)


def test_the_card_names_the_codes(model):
    path, signatures = model
    card = json.loads((path / "assets.extra" / "model_card.json").read_text())
    codes = card["architecture"]["codes"]
    assert codes["kind"] == {"kind": "category", "any": -1, "range": [-1, 2]}
    assert codes["size"] == {"kind": "number", "any": "NaN", "range": [-1.0, 1.0]}
    assert card["value_ranges"]["kind"] == [-1, 2]
    assert {"png", "walk", "sample", "serving_default"} == set(signatures)
