"""Colour changes: values by hand, geometry of the grey axis, distributions."""

import math

import numpy as np
import pytest
from keras import ops

from keras_gan.augment import RandomAugment
from keras_gan.augment.color import ColorTransform

IMAGES = np.random.default_rng(0).uniform(-1, 1, (2, 3, 4, 3)).astype("float32")
GREY = IMAGES[..., :1]


def transformed(images, brightness=0.0, lightness_gain=1.0, chroma_gain=1.0, hue=0.0):
    values = (brightness, lightness_gain, chroma_gain, hue)
    transform = ColorTransform(*(ops.full((len(images),), value) for value in values))
    return ops.convert_to_numpy(transform.apply(ops.convert_to_tensor(images)))


@pytest.mark.parametrize("images", [IMAGES, GREY, IMAGES[..., :2]])
def test_default_settings_are_the_identity(images):
    np.testing.assert_allclose(transformed(images), images, atol=1e-6)


@pytest.mark.parametrize("images", [IMAGES, GREY])
def test_brightness_comes_before_contrast(images):
    changed = transformed(images, brightness=0.25, lightness_gain=2.0, chroma_gain=2.0)
    np.testing.assert_allclose(changed, 2.0 * (images + 0.25), atol=1e-5)


def test_inverted_lightness_keeps_the_chroma():
    changed = transformed(IMAGES, lightness_gain=-1.0)
    lightness = IMAGES.mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(changed, IMAGES - 2 * lightness, atol=1e-6)
    np.testing.assert_allclose(transformed(GREY, lightness_gain=-1.0), -GREY, atol=1e-6)


def test_no_saturation_is_grey():
    changed = transformed(IMAGES, chroma_gain=0.0, hue=1.0)
    lightness = IMAGES.mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(changed, np.repeat(lightness, 3, -1), atol=1e-6)


def test_hue_of_a_third_of_a_turn_permutes_the_channels():
    changed = transformed(IMAGES, hue=2 * math.pi / 3)
    np.testing.assert_allclose(changed, np.roll(IMAGES, 1, axis=-1), atol=1e-6)
    back = transformed(changed, hue=-2 * math.pi / 3)
    np.testing.assert_allclose(back, IMAGES, atol=1e-6)


def test_any_hue_keeps_lightness_and_distance_from_grey():
    changed = transformed(IMAGES, hue=0.7)
    np.testing.assert_allclose(changed.mean(-1), IMAGES.mean(-1), atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.norm(changed, axis=-1), np.linalg.norm(IMAGES, axis=-1), atol=1e-5
    )


def test_grey_images_have_neither_hue_nor_saturation():
    np.testing.assert_allclose(transformed(GREY, chroma_gain=3.0, hue=1.0), GREY)


def test_distribution_of_the_settings():
    # A black pixel gives brightness times gain, the difference to white the gain.
    images = np.zeros((40_000, 1, 2, 1), "float32")
    images[:, :, 1] = 1.0
    images = ops.convert_to_numpy(RandomAugment(1.0, ["color"])(images, seed=4))
    gain = images[:, 0, 1, 0] - images[:, 0, 0, 0]
    shift = images[:, 0, 0, 0] / gain
    assert np.mean(gain < 0) == pytest.approx(0.5, abs=0.01), "half of them flipped"
    assert np.log2(np.abs(gain)).std() == pytest.approx(0.5, abs=0.01)
    assert np.log2(np.abs(gain)).mean() == pytest.approx(0.0, abs=0.01)
    assert shift.std() == pytest.approx(0.2, abs=0.01)


def test_each_change_is_made_with_its_own_probability():
    images = np.ones((40_000, 1, 2, 1), "float32")
    images[:, :, 1] = 0.0
    images = ops.convert_to_numpy(RandomAugment(0.3, ["color"])(images, seed=4))
    gain = images[:, 0, 0, 0] - images[:, 0, 1, 0]
    is_brightened = np.abs(images[:, 0, 1, 0]) > 1e-6
    is_contrasted = np.abs(np.abs(gain) - 1) > 1e-6
    assert is_brightened.mean() == pytest.approx(0.3, abs=0.01)
    assert is_contrasted.mean() == pytest.approx(0.3, abs=0.01)
    assert np.mean(gain < 0) == pytest.approx(0.15, abs=0.01), (
        "half of the flips are by a factor of 1"
    )
    both = np.mean(is_brightened & is_contrasted)
    assert both == pytest.approx(0.09, abs=0.01), "independent"
