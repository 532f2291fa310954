"""Trained weights are written, found and read again."""

import json
import shutil

import keras
import numpy as np
import pytest

from keras_gan import GAN, models, presets
from keras_gan.presets import weights

pytestmark = pytest.mark.backends(
    "tensorflow", reason="files; others export in tests/export/test_backends.py"
)
NAME = "dcgan_fashion_mnist"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(3)
    gan = GAN.from_preset(NAME, load_weights=False, seed=0)
    gan.fit(np.zeros((32, 28, 28, 1), "float32"), batch_size=16, verbose=0)
    return gan


@pytest.fixture(scope="module")
def saved(trained, tmp_path_factory):
    """The folder of models that it was saved in, once."""
    folder = tmp_path_factory.mktemp("saved") / "savedmodels"
    path = presets.save_trained(trained, presets.get(NAME), folder)
    assert path == folder / NAME / "1"
    return folder


@pytest.fixture
def path(saved, home):
    """A copy of it, where presets are looked for."""
    return shutil.copytree(saved, home / "savedmodels") / NAME / "1"


def test_what_is_shipped_draws_the_same_pictures(trained, path):
    again = presets.from_preset(NAME)
    difference = np.abs(again.generate(64, seed=1) - trained.generate(64, seed=1))
    assert 0 < difference.max() <= 2 / 255  # half precision, one step of 255
    assert presets.get(NAME).trained == path


def test_what_was_trained_in_half_precision_computes_in_single(home):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = GAN.from_preset(NAME, load_weights=False, seed=0)
    finally:
        keras.config.set_dtype_policy(policy)
    presets.save_trained(gan, presets.get(NAME), home / "savedmodels")
    again = presets.from_preset(NAME)
    difference = np.abs(again.generate(64, seed=1) - gan.generate(64, seed=1))
    assert 0 < difference.max() < 0.1
    card = home / "savedmodels" / NAME / "1" / "assets.extra" / "model_card.json"
    assert json.loads(card.read_text())["weights"] == "float16"


def test_half_precision_halves_both_files(trained, path):
    num_bytes = 2 * trained.generator.count_params()
    saved = path / "variables" / "variables.data-00000-of-00001"
    assert num_bytes < saved.stat().st_size < 1.1 * num_bytes
    assert (path / weights.FILE).stat().st_size < 1.1 * num_bytes


@pytest.mark.backends("tensorflow", reason="weights are written alike on all")
def test_an_autoencoder_keeps_its_encoder(home):
    sizes = {"latent_dim": 3, "width": 4, "units": 8}
    make = presets.Make("architectures.vaegan", {"image_shape": (8, 8, 1), **sizes})
    names = ("encoder", "generator", "discriminator")
    preset = presets.Preset(
        "small",
        "Small.",
        make,
        {},
        model="VAEGAN",
        network_names=names,
        dataset="mnist",
    )
    model = models.VAEGAN.from_preset(preset, load_weights=False, seed=0)
    path = presets.save_trained(model, preset, home / "savedmodels")
    again = models.VAEGAN.from_preset(preset)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")
    expected = model.reconstruct(images)
    np.testing.assert_allclose(again.reconstruct(images), expected, atol=0.02)
    (path / weights.FILE).with_name("encoder.npz").unlink()
    with pytest.raises(ValueError, match=r"encoder\.npz.*is missing"):
        models.VAEGAN.from_preset(preset)


def test_weights_that_need_it_keep_full_precision(trained):
    kept = trained.sampler.network.get_weights()
    trained.sampler.network.set_weights([w * 200 for w in kept])
    try:
        assert not weights.survives_halving(trained.sampler)
    finally:
        trained.sampler.network.set_weights(kept)


def test_a_server_draws_what_keras_draws(trained, path):
    tf = pytest.importorskip("tensorflow")
    latents = np.asarray(trained.prior.sample(8, seed=0))
    served = tf.saved_model.load(str(path)).signatures["serving_default"]
    images = served(latents=tf.constant(latents))["images"].numpy()
    expected = presets.from_preset(NAME).synthesize(latents)
    np.testing.assert_allclose(images, expected, atol=1e-5)


def test_without_weights_the_error_names_the_command(home, monkeypatch):
    monkeypatch.setattr(weights, "search_paths", lambda: [home])
    with pytest.raises(ValueError, match="keras-gan train r3gan_cifar10"):
        presets.from_preset("r3gan_cifar10")


def test_damaged_weights_are_named(path):
    arrays = dict(np.load(path / weights.FILE))
    arrays.pop(next(iter(arrays)))
    np.savez_compressed(path / weights.FILE, **arrays)
    with pytest.raises(ValueError, match=r"generator\.npz"):
        presets.from_preset(NAME)
