"""A preset may say what is done to the trained generator."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import presets
from keras_gan.datasets import Batches
from keras_gan.presets import Make
from keras_gan.presets.trained import in_single_precision
from keras_gan.runs import Run, finishing

pytestmark = pytest.mark.usefixtures("eager")

IMAGES = np.random.default_rng(0).integers(0, 256, (32, 16, 16, 3), "uint8")


def small_preset(**changes):
    return presets.get("r3gan_emoji_64").replace(
        image_shape=(16, 16, 3),
        arguments={"width": (16, 16), "num_blocks": 1},
        num_images=64,
        metrics=(),
        **changes,
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(
        Run, "load_data", lambda self, split="train": Batches(IMAGES, batch_size=32)
    )
    return Run(tmp_path / "run", small_preset(), precision="float32")


def has_patches(network):
    return network.get_layer("to_images").kernel.shape[:2] == (2, 2)


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_smoothing.py finishes networks on all"
)
def test_the_kept_model_has_the_finished_generator(run, tmp_path):
    run.begin()
    gan = run.train(progress=False)
    restored = Run.open(tmp_path / "run").restore()
    checkpoint = run.build()
    checkpoint.restore(tmp_path / "run" / "checkpoints")
    assert has_patches(checkpoint.generator)
    for model in (gan, restored):
        assert not has_patches(model.generator)
        assert not has_patches(model.ema_generator)
        np.testing.assert_allclose(
            model.generate(4, seed=0), gan.generate(4, seed=0), atol=1e-6
        )
    # It begins with the images of the average, and D as it was trained.
    finished = run.preset.finished_generator(checkpoint.ema_generator, gan.prior)
    latents = keras.ops.convert_to_tensor(gan.prior.sample(4, seed=0))
    wanted = keras.ops.convert_to_numpy(finished(latents))
    np.testing.assert_allclose(gan.generate(4, seed=0), wanted, atol=1e-5)
    for found, trained in zip(
        gan.discriminator.get_weights(),
        checkpoint.discriminator.get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(found, trained)
    before = gan.generator.get_weights()[-1]
    gan.fit(IMAGES, batch_size=32, verbose=0)
    assert np.abs(gan.generator.get_weights()[-1] - before).max() > 0


@pytest.mark.backends("tensorflow", reason="it exports")
def test_what_is_shipped_is_finished_once(tmp_path, monkeypatch):
    preset = small_preset()
    gan = keras_gan.GAN.from_preset(preset, load_weights=False, seed=0)
    monkeypatch.setenv("KERAS_GAN_HOME", str(tmp_path))
    folder = tmp_path / "savedmodels"
    presets.save_trained(gan, preset, folder)
    sampler = keras_gan.from_preset(preset)
    assert not has_patches(sampler.network)
    found = sampler.generate(4, seed=0)
    presets.save_trained(finishing.finished(gan, preset), preset, folder, 2)
    again = keras_gan.from_preset(preset).generate(4, seed=0)
    np.testing.assert_allclose(again, found, atol=1 / 255)
    whole = keras_gan.GAN.from_preset(preset)
    np.testing.assert_allclose(whole.generate(4, seed=0), again, atol=1e-5)


def test_what_cannot_be_finished_is_refused_before_it_trains(run):
    run.preset = small_preset().replace(arguments={"smooth_patches": True})
    with pytest.raises(ValueError, match=r"not possible.*replace\(finish=None\)"):
        run.build()


def test_a_preset_with_it_survives_json():
    preset = small_preset()
    assert presets.Preset.from_dict(preset.to_dict()) == preset
    assert preset.finish == Make("architectures.smooth_patches")


def test_what_is_shipped_computes_in_single_precision_after_half():
    preset = small_preset()
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = keras_gan.GAN.from_preset(preset, load_weights=False, seed=0)
        copy = in_single_precision(gan.sampler, preset)
    finally:
        keras.config.set_dtype_policy(policy)
    assert not has_patches(copy.network)
    assert {layer.compute_dtype for layer in copy.network.layers} == {"float32"}
