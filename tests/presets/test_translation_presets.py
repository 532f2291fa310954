"""Presets of models that translate images: all their networks, in both directions."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import models, presets
from keras_gan.presets import ConstantThenLinear, specs

TRANSLATORS = [name for name in presets.names() if presets.get(name).directions]
SMALL = {
    "architectures.cyclegan": {"width": 4, "num_blocks": 1},
    "architectures.pix2pix": {"width": 4},
}
SHAPE = (24, 24, 3)


def small(name, image_shape=None):
    """The preset with narrow networks."""
    preset = presets.get(name)
    image_shape = image_shape or preset.image_shape or SHAPE
    arguments = SMALL[preset.networks.target]
    # Without a graph, whose tracing takes longer than a few steps.
    eager = {"run_eagerly": True}
    return preset.replace(image_shape, arguments=arguments, batch_size=2, compile=eager)


def noise(num_images, shape):
    return np.random.default_rng(0).integers(0, 256, (num_images, *shape), "uint8")


def make(name, **changes):
    keras.utils.set_random_seed(0)
    preset = small(name).replace(dataset="own", **changes)
    model = keras_gan.AdversarialModel.from_preset(preset, load_weights=False, seed=0)
    return preset, model


on_torch = pytest.mark.backends(
    "torch", reason="each on torch; tests/models trains the games on all"
)


@on_torch
@pytest.mark.parametrize("name", TRANSLATORS)
def test_every_translator_trains(name):
    preset, model = make(name, num_images=4)
    assert type(model).__name__ == preset.model
    assert model.directions == preset.directions
    images = noise(4, preset.image_shape)
    logs = model.fit(images, images[::-1].copy(), batch_size=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in logs.values())
    rate = model.optimizer.players[next(iter(model.players))]._learning_rate
    assert float(rate(0)) == float(rate(1)) == pytest.approx(2e-4)
    assert float(rate(2)) == 0.0


@on_torch
@pytest.mark.parametrize("name", TRANSLATORS)
def test_a_sampler_is_a_direction(name):
    preset, model = make(name)
    assert set(preset.make_networks()) == set(model.network_names)
    images = noise(2, preset.image_shape)
    for direction in preset.directions:
        sampler = preset.make_sampler(direction)
        network = getattr(model, preset.generator_name(direction))
        sampler.network.set_weights(network.get_weights())
        made = sampler.translate(images)
        np.testing.assert_allclose(made, model.translate(images, direction), atol=1e-6)
    with pytest.raises(ValueError, match="no direction 'up': the preset .* has 'a_to"):
        preset.make_sampler("up")
    with pytest.raises(ValueError, match="the preset 'dcgan_mnist' has none"):
        presets.get("dcgan_mnist").make_sampler("a_to_b")


@pytest.mark.parametrize("name", ["cyclegan", "pix2pix"])
def test_a_family_names_its_folders(name):
    with pytest.raises(ValueError, match=f"train {name} --data path/to/\\w+ path/to/"):
        presets.get(name).make_networks()


def test_constant_then_linear_counts_in_shares():
    ramp = ConstantThenLinear(1.0, share=0.25)
    schedule = specs.resolve(ramp, num_images=800, batch_size=2)
    values = [float(schedule(step)) for step in (0, 100, 250, 400, 500)]
    np.testing.assert_allclose(values, [1.0, 1.0, 0.5, 0.0, 0.0], atol=1e-6)
    assert specs.from_json(specs.to_json({"rate": ramp})) == {"rate": ramp}
    assert str(ramp) == "1 for 25%, then along a line to 0"


@pytest.mark.backends("tensorflow", reason="it exports")
def test_both_directions_are_shipped(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_HOME", str(tmp_path))
    preset, model = make("cyclegan_emoji")
    monkeypatch.setitem(presets.table.PRESETS, preset.name, preset)
    images = noise(2, preset.image_shape)
    for direction in preset.directions:
        with pytest.raises(ValueError, match="There are no trained weights of"):
            presets.from_preset(preset, direction=direction)
        folder = tmp_path / "savedmodels"
        presets.save_trained(model, preset, folder, direction=direction)
        again = presets.from_preset(preset.name, direction=direction)
        difference = again.translate(images) - model.translate(images, direction)
        assert 0 < np.abs(difference).max() <= 2 / 255
    names = {path.name for path in (tmp_path / "savedmodels").iterdir()}
    assert names == {preset.name, f"{preset.name}_b_to_a"}
    whole = models.CycleGAN.from_preset(preset.name)
    for direction in preset.directions:
        difference = whole.translate(images, direction) - model.translate(
            images, direction
        )
        assert np.abs(difference).max() <= 2 / 255


@on_torch
def test_a_folder_holds_both_directions(tmp_path):
    _, model = make("cyclegan")
    path = model.save_to_preset(tmp_path / "mine")
    images = noise(2, SHAPE)
    for direction in (None, "a_to_b", "b_to_a"):
        sampler = keras_gan.from_preset(path, direction=direction)
        expected = model.translate(images, direction or "a_to_b")
        np.testing.assert_allclose(sampler.translate(images), expected, atol=1e-6)
    again = models.CycleGAN.from_preset(path)
    np.testing.assert_allclose(again.translate(images), model.translate(images))
    assert again.compiled
    with pytest.raises(ValueError, match="There is no direction 'up': the model in"):
        keras_gan.from_preset(path, direction="up")
