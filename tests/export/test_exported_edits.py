"""Directions as inputs of an exported generator."""

import json

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.latents import Directions, Normal, closed_form

pytestmark = pytest.mark.backends("tensorflow", reason="exports run there")


def draw(signatures, **given):
    import tensorflow as tf

    rows = {"seed": np.array([1, 2, 3], "int64"), "truncation": np.zeros(3, "float32")}
    if "truncation_psi" in signatures["sample"].structured_input_signature[1]:
        rows["truncation_psi"] = np.ones(3, "float32")
    rows |= {name: np.array(value, "float32") for name, value in given.items()}
    rows = {name: tf.constant(value) for name, value in rows.items()}
    return signatures["sample"](**rows)["images"].numpy()


def exported(sampler, folder):
    import tensorflow as tf

    path = sampler.export(folder / "model")
    card = json.loads((path / "assets.extra" / "model_card.json").read_text())
    kept = Directions.load(path / "assets.extra" / "directions.npz")
    assert kept.names == sampler.latent_directions.names
    return tf.saved_model.load(str(path)).signatures, card


def test_directions_of_latents_are_inputs(tiny, tmp_path):
    generator = tiny()
    directions = Directions(np.eye(6)[:2], ["left", "up"], scale=[1.0, 0.5])
    sampler = keras_gan.Sampler(generator, Normal(6), latent_directions=directions)
    signatures, card = exported(sampler, tmp_path)
    assert card["architecture"]["codes"]["up"] == {
        "kind": "edit",
        "any": "NaN",
        "range": [-3, 3],
        "space": "z",
    }
    assert card["value_ranges"]["up"] == [None, None]
    assert "up" in signatures["walk"].structured_input_signature[1]
    assert "up" not in signatures["serving_default"].structured_input_signature[1]
    plain = draw(signatures, left=[0, 0, 0], up=[0, 0, 0])
    unset = draw(signatures, left=[np.nan] * 3, up=[np.nan] * 3)
    np.testing.assert_array_equal(plain, unset)
    moved = draw(signatures, left=[0, 2, 0], up=[0, 0, 2])
    np.testing.assert_allclose(moved[0], plain[0], atol=1e-6)
    assert (np.abs(moved - plain).max(axis=(1, 2, 3))[1:] > 1e-3).all()


def test_directions_of_w_are_inputs(tmp_path):
    keras.utils.set_random_seed(0)
    generator = architectures.stylegan2_generator(
        (8, 8, 1), 6, width=4, max_width=6, w_dim=5, num_mapping_layers=2
    )
    sampler = keras_gan.Sampler(generator, Normal(6))
    sampler.latent_directions = closed_form(sampler, 2)
    signatures, _ = exported(sampler, tmp_path)
    plain = draw(signatures, direction_1=[0, 0, 0], direction_2=[0, 0, 0])
    moved = draw(signatures, direction_1=[0, 0, 2], direction_2=[0, 1, 0])
    np.testing.assert_allclose(moved[0], plain[0], atol=1e-6)
    assert (np.abs(moved - plain).max(axis=(1, 2, 3))[1:] > 1e-4).all()


def test_directions_reach_the_process_that_exports(tiny):
    """Under other backends they travel as their configuration."""
    directions = Directions(np.eye(6)[:2], ["left", "up"])
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(directions)))
    again = keras.saving.deserialize_keras_object(config)
    np.testing.assert_array_equal(again.steps, directions.steps)
