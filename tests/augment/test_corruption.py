"""Filters, noise and holes, each alone; and every operation can be switched alone."""

import math

import numpy as np
import pytest
from keras import ops

from keras_gan.augment import RandomAugment, corruption, operations, wavelets

IMAGES = np.random.default_rng(0).uniform(-1, 1, (64, 16, 16, 3)).astype("float32")


def augmented(images, *args, seed=4, **kwargs):
    return ops.convert_to_numpy(RandomAugment(*args, **kwargs)(images, seed=seed))


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_derivatives.py has all operations on JAX"
)
@pytest.mark.parametrize("name", operations.NAMES)
def test_every_operation_changes_images_alone(name):
    changed = augmented(IMAGES, 1.0, [name])
    assert changed.shape == IMAGES.shape
    is_changed = np.abs(changed - IMAGES).max(axis=(1, 2, 3)) > 1e-3
    assert is_changed.mean() > 0.3
    np.testing.assert_allclose(augmented(IMAGES, 0.0, [name]), IMAGES, atol=1e-6)


@pytest.mark.parametrize("name", operations.STRENGTHS)
def test_no_strength_is_no_change(name):
    found = augmented(IMAGES, 1.0, [name], {name: 0.0})
    np.testing.assert_allclose(found, IMAGES, atol=1e-5)


def test_an_operation_counts_more_than_its_group():
    found = operations.factors_of({"color": 1.0, "hue": 0.25, "contrast": 0.0})
    assert found == {
        "brightness": 1.0,
        "luma_flip": 1.0,
        "hue": 0.25,
        "saturation": 1.0,
    }
    groups = operations.factors_of(["blit", "geometry", "color"])
    assert len(groups) == 12


def test_groups_are_their_members():
    by_name = dict.fromkeys(operations.COLOR, 1.0)
    np.testing.assert_array_equal(
        augmented(IMAGES, 0.5, ["color"]), augmented(IMAGES, 0.5, by_name)
    )


def test_noise_has_a_half_normal_deviation():
    images = np.zeros((4000, 8, 8, 1), "float32")
    found = augmented(images, 0.5, ["noise"])
    deviations = found.std(axis=(1, 2, 3))
    assert np.mean(deviations == 0) == pytest.approx(0.5, abs=0.03)
    deviations = deviations[deviations > 0]
    # The mean of |N(0, .1)| is .1 sqrt(2/pi), that of its square .01.
    assert deviations.mean() == pytest.approx(0.1 * math.sqrt(2 / math.pi), rel=0.05)
    assert np.mean(deviations**2) == pytest.approx(0.01, rel=0.08)
    noise = found[found.std(axis=(1, 2, 3)) > 0]
    noise = noise / noise.std(axis=(1, 2, 3), keepdims=True)
    assert np.abs(np.mean(noise[:, 1:] * noise[:, :-1])) < 0.03, "white"


def test_holes_are_half_as_high_and_wide_at_a_uniform_place():
    images = np.ones((4000, 8, 6, 1), "float32")
    found = augmented(images, 1.0, ["cutout"])[..., 0]
    areas = np.sum(found == 0, axis=(1, 2))
    assert areas.max() == 4 * 3
    # A pixel is in the hole if the hole's centre is near it: the share of the places
    # of the centre, half of each axis, and less at the border.
    assert np.mean(found[:, 4, 3] == 0) == pytest.approx(0.25, abs=0.03)
    corner = 2.5 / 8 * 2 / 6
    assert np.mean(found[:, 0, 0] == 0) == pytest.approx(corner, abs=0.02)
    small = augmented(images, 1.0, ["cutout"], {"cutout": 0.25})[..., 0]
    assert np.sum(small == 0, axis=(1, 2)).max() == 2 * 2


class GivenGains:
    """Gives every image the same gains, in place of random draws."""

    def __init__(self, *gains):
        self.gains = iter(gains)

    def operation(self, name, sample, instead):
        return ops.full((1,), next(self.gains))


def test_filters_keep_the_power_of_natural_images():
    """Each change of a band is scaled so that the mean of power times gain is 1."""
    impulse = np.zeros((1, 1, 99, 1), "float32")
    impulse[:, :, 49] = 1.0
    change = corruption.sample_filter(GivenGains(1.0, 4.0, 1.0, 0.5), 1, 99)
    found = ops.convert_to_numpy(change(ops.convert_to_tensor(impulse)))[0, 0, :, 0]
    gains = np.ones(4)
    for band, gain in ((1, 4.0), (3, 0.5)):
        one = np.where(np.arange(4) == band, gain, 1.0)
        one /= np.sqrt(np.sum(wavelets.BAND_POWER * one**2))
        gains *= one
        assert np.sum(wavelets.BAND_POWER * one**2) == pytest.approx(1.0)
    expected = gains @ wavelets.band_filters()
    # The other axis has one pixel, and so the lowest band alone.
    np.testing.assert_allclose(found[28:71], gains[0] * expected, atol=1e-5)


def test_each_band_is_filtered_with_its_own_probability():
    images = np.random.default_rng(1).normal(size=(2000, 16, 16, 1)).astype("float32")
    found = augmented(images, 0.5, ["filter"])
    is_changed = np.abs(found - images).max(axis=(1, 2, 3)) > 1e-4
    assert is_changed.mean() == pytest.approx(1 - 0.5**4, abs=0.02)


def test_a_filter_changes_no_mean_level_unless_it_gains():
    """A constant image is in the lowest band alone, so it is only scaled."""
    images = np.full((64, 8, 16, 2), 0.5, "float32")
    found = augmented(images, 1.0, ["filter"])
    spread = found.max(axis=(1, 2)) - found.min(axis=(1, 2))
    np.testing.assert_allclose(spread, 0.0, atol=1e-4)
    assert found.std() > 0.05


def test_grey_images_have_no_hue():
    grey = IMAGES[..., :1]
    changed = augmented(grey, 1.0, ["hue", "saturation"])
    np.testing.assert_allclose(changed, grey, atol=1e-6)
