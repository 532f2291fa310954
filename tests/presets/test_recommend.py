"""A recipe chosen for pictures, device and time: the rules of docs/data.md."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gan import GAN, datasets, models, presets
from keras_gan.presets import recommendation as rules

pytestmark = pytest.mark.backends("torch", reason="choices, not tensors: run once")


def seen(number=3_000, height=64, width=64, channels=3, equal=True):
    return datasets.Survey(number, height, width, equal, channels, 0, number)


@pytest.fixture
def on(monkeypatch):
    """Choose for a survey, on a device."""

    def choose(survey, minutes, device="processor", **arguments):
        monkeypatch.setattr(rules, "_device", lambda: device)
        monkeypatch.setattr(rules, "_look_at", lambda data, on_error: survey)
        return presets.recommend("photos", minutes, **arguments)

    return choose


@pytest.mark.parametrize(
    ("survey", "minutes", "device", "size"),
    [
        (seen(), 5, "processor", (32, 32)),
        (seen(), 30, "processor", (64, 64)),
        (seen(height=512, width=512), 300, "processor", (128, 128)),
        (seen(height=512, width=512), 300, "accelerator", (256, 256)),
        (seen(height=100, width=100), 300, "processor", (96, 96)),
        (seen(height=28, width=28), 30, "processor", (28, 28)),
        (seen(height=30, width=30), 30, "processor", (32, 32)),
        (seen(height=480, width=640), 30, "processor", (64, 80)),
        (seen(height=640, width=160), 30, "processor", (128, 64)),
        (seen(height=72, width=64), 30, "processor", (64, 64)),
    ],
)
def test_sizes(on, survey, minutes, device, size):
    preset = on(survey, minutes, device).preset
    assert preset.image_shape == (*size, 3)


@pytest.mark.parametrize(
    ("survey", "minutes", "device", "target"),
    [
        (seen(channels=1), 19, "processor", "architectures.dcgan"),
        (seen(channels=1), 20, "processor", "architectures.r3gan"),
        (seen(), 4, "processor", "architectures.dcgan"),
        (seen(), 5, "processor", "architectures.r3gan"),
        (seen(height=12, width=12), 60, "processor", "architectures.dcgan"),
        (seen(), 1, "accelerator", "architectures.r3gan"),
    ],
)
def test_recipes(on, survey, minutes, device, target):
    found = on(survey, minutes, device)
    assert found.preset.networks.target == target
    assert len(found.reasons) == 3


@pytest.mark.parametrize("recipe", rules.RECIPES)
def test_a_recipe_that_is_asked_for(on, recipe):
    found = on(seen(height=48, width=48), 30, recipe=recipe)
    assert found.preset.networks.target == f"architectures.{recipe}"
    assert f"{recipe}, as said." in str(found)
    assert found.preset.image_shape == (48, 48, 3)
    GAN = getattr(models, found.preset.model)
    gan = GAN.from_preset(
        found.preset.replace(num_images=1_000), load_weights=False, seed=0
    )
    assert gan.ema.half_life == 100


def test_what_cannot_be_asked_for(on):
    with pytest.raises(ValueError, match='"r3gan" or "fastgan". Received: \'vae\''):
        on(seen(), 30, recipe="vae")
    classes = datasets.Survey(500, 64, 64, True, 3, 0, 500, 2)
    with pytest.raises(ValueError, match="FastGAN takes no labels"):
        on(classes, 30, recipe="fastgan", labels=True)
    assert on(classes, 30, recipe="dcgan", labels=True).preset.num_classes == 2


def test_numbers_of_pictures(on):
    little, enough = (on(seen(n), 30).preset.compile for n in (19_999, 20_000))
    assert little["augment"].target == "augment.AdaptiveAugment"
    assert enough["augment"] is None
    found = on(seen(20), 30)
    assert found.preset.batch_size == 16
    assert "20 pictures it will draw near copies" in str(found)
    with pytest.raises(ValueError, match="There are 15 pictures, and a GAN needs 16"):
        on(seen(15), 30)


def test_what_is_said_overrules(on):
    assert on(seen(), 30, size=48).preset.image_shape == (48, 48, 3)
    assert on(seen(), 30, size=[32, 64]).preset.image_shape == (32, 64, 3)
    with pytest.raises(ValueError, match="no classes to learn.*Received: 0 subfolders"):
        on(seen(), 30, labels=True)
    with pytest.raises(ValueError, match="minutes.*above 0. Received: 0"):
        on(seen(), 0)
    with pytest.raises(ValueError, match="8 is the shortest side"):
        on(seen(height=4, width=90), 30)


@pytest.mark.parametrize(
    "survey",
    [seen(), seen(height=28, width=28, channels=1), seen(height=20, width=30)],
)
def test_every_choice_is_a_training(on, survey):
    """Networks are built for the shape, schedules for the length."""
    for minutes, device in ((3, "processor"), (30, "processor")):
        preset = on(survey, minutes, device).preset
        shorter = preset.replace(num_images=1_000)
        gan = GAN.from_preset(shorter, load_weights=False, seed=0)
        assert gan.image_shape == preset.image_shape
        assert gan.ema.half_life == 100
        assert gan.augment.ramp_images == 500
        rate = gan.optimizer.players["generator"].get_config()["learning_rate"]
        assert isinstance(rate, dict) or minutes < 20  # a schedule
        again = presets.Preset.from_dict(preset.to_dict())
        assert again.image_shape == preset.image_shape
    keras.backend.clear_session(free_memory=False)


def test_a_folder_is_looked_at(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(18):
        folder = tmp_path / "ab"[i % 2]
        folder.mkdir(exist_ok=True)
        pixels = rng.integers(0, 256, (40, 30 + i, 4), "uint8")
        Image.fromarray(pixels if i < 9 else pixels[..., :3]).save(folder / f"{i}.png")
    found = datasets.survey(tmp_path)
    assert (found.num_pictures, found.num_seen, found.num_folders) == (18, 18, 2)
    assert (found.height, found.width, found.equal) == (40, 38, False)
    assert (found.channels, found.num_transparent) == (3, 9)
    assert "50% with transparency" in str(found)
    preset = presets.recommend(tmp_path, 30, labels=True).preset
    assert preset.num_classes == 2
    (tmp_path / "c.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"c\.png"):
        datasets.survey(tmp_path)
    assert datasets.survey(tmp_path, on_error="skip").num_seen == 18


def test_what_is_no_set_of_pictures():
    with pytest.raises(ValueError, match=r"Received: shape \(5, 8, 8\)"):
        datasets.survey(np.zeros((5, 8, 8)))
    with pytest.raises(ValueError, match="There is neither a data set nor a folder"):
        presets.recommend("no such folder", 30)
    assert datasets.survey(np.zeros((5, 8, 9, 1))) == datasets.Survey(
        5, 8, 9, True, 1, 0, 5
    )
