"""Exported generators with a mapping network: psi, w and seeds."""

import json

import numpy as np
import pytest

import keras_gan
from keras_gan import architectures

pytestmark = pytest.mark.backends("tensorflow", reason="exports run there")


def new_sampler(noise="constant", num_classes=None):
    generator = architectures.stylegan2_generator(
        (8, 8, 1),
        latent_dim=6,
        num_classes=num_classes,
        width=4,
        max_width=6,
        w_dim=5,
        num_mapping_layers=2,
        noise=noise,
    )
    generator.mean_w.assign(np.linspace(-0.5, 0.5, 5))
    for layer in generator.synthesis.layers:
        if layer.name.endswith("_noise"):
            layer.strength.assign(0.5)
    return keras_gan.Sampler(
        generator,
        keras_gan.latents.Normal(6),
        num_classes and keras_gan.conditions.ClassLabels(num_classes),
    )


def exported(sampler, folder):
    import tensorflow as tf

    path = sampler.export(folder / "model")
    return path, tf.saved_model.load(str(path)).signatures


@pytest.fixture(scope="module")
def sampler():
    return new_sampler(num_classes=3)


@pytest.fixture(scope="module")
def model(sampler, tmp_path_factory):
    return exported(sampler, tmp_path_factory.mktemp("w"))


def sample(signatures, seeds, psi, name="sample", **more):
    import tensorflow as tf

    num = len(seeds)
    rows = {
        "seed": tf.constant(seeds, "int64"),
        "truncation": tf.zeros(num),
        "truncation_psi": tf.constant(psi, "float32"),
        **{key: tf.constant(value) for key, value in more.items()},
    }
    return next(iter(signatures[name](**rows).values())).numpy()


def test_images_of_latents_are_those_of_keras(sampler, model):
    _, signatures = model
    latents = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    labels = np.array([0, 2, 1], "int32")
    found = signatures["serving_default"](latents=latents, labels=labels)["images"]
    expected = sampler.synthesize(latents, labels)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    w = signatures["map"](latents=latents, labels=labels)["w"].numpy()
    np.testing.assert_allclose(w, sampler.map(latents, labels), atol=1e-5)
    of_layers = np.repeat(w[:, None], sampler.network.num_ws, axis=1)
    images = signatures["synthesis"](w=of_layers)["images"]
    np.testing.assert_allclose(images, expected, atol=1e-5)


def test_each_row_has_its_psi(sampler, model):
    _, signatures = model
    label = np.array([1, 1, 1], "int32")
    rows = sample(signatures, [7, 7, 7], [1.0, 0.5, 0.0], label=label)
    alone = sample(signatures, [7], [0.5], label=label[:1])
    np.testing.assert_allclose(rows[1:2], alone, atol=1e-6)
    mean = sampler.synthesize(w=np.linspace(-0.5, 0.5, 5)[None])
    np.testing.assert_allclose(rows[2:], mean, atol=1e-5)
    assert np.abs(rows[0] - rows[1]).max() > 1e-3
    files = sample(signatures, [7], [0.5], "png", label=label[:1])
    assert files[0].startswith(b"\x89PNG")
    way = {"end_seed": np.array([9], "int64"), "position": np.array([0.5], "float32")}
    assert sample(signatures, [7], [0.5], "walk", label=label[:1], **way).shape == (1,)


def test_the_card_names_the_range_of_psi(model):
    path, _ = model
    card = json.loads((path / "assets.extra" / "model_card.json").read_text())
    assert card["value_ranges"]["truncation_psi"] == [-2, 2]
    assert card["architecture"]["generator"] == "StyleGenerator"


def test_random_noise_is_that_of_the_row(tmp_path):
    _, signatures = exported(new_sampler(noise="random"), tmp_path)
    alone = sample(signatures, [7], [0.7])
    rows = sample(signatures, [3, 7, 7], [0.7] * 3)
    np.testing.assert_allclose(rows[1:], alone.repeat(2, axis=0), atol=1e-6)
    assert np.abs(rows[0] - alone[0]).max() > 1e-3
    with pytest.raises(ValueError, match=r"draw noise.*format=.saved_model"):
        new_sampler(noise="random").export(tmp_path / "x.onnx", format="onnx")
