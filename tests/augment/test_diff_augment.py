"""DiffAugment: its changes by hand, and their distributions."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.augment import DiffAugment, diff_augment


def numpy(x):
    return ops.convert_to_numpy(x)


def tensor(*values):
    return ops.convert_to_tensor(np.array(values, "float32"))


# One image of 1 x 2 pixels and three channels, twice.
PAIR = np.array([[[[0.0, 0.3, 0.6], [0.9, 0.0, 0.0]]]] * 2, "float32")
PAIR_TENSOR = ops.convert_to_tensor(PAIR)


def test_brightness():
    changed = numpy(diff_augment.brightness(PAIR_TENSOR, tensor(0.5, -0.25)))
    np.testing.assert_allclose(changed[0], PAIR[0] + 0.5)
    np.testing.assert_allclose(changed[1], PAIR[1] - 0.25)


def test_saturation():
    changed = numpy(diff_augment.saturation(PAIR_TENSOR, tensor(2.0, 0.0)))
    # The mean of each pixel is 0.3. The factors double the distance to it, or zero it.
    twice = [[[-0.3, 0.3, 0.9], [1.5, -0.3, -0.3]]]
    np.testing.assert_allclose(changed[0], twice, atol=1e-6)
    np.testing.assert_allclose(changed[1], np.full((1, 2, 3), 0.3), atol=1e-6)


def test_saturation_leaves_grey_images_alone():
    grey = np.linspace(-1, 1, 16, dtype="float32").reshape(1, 4, 4, 1)
    changed = numpy(diff_augment.saturation(ops.convert_to_tensor(grey), tensor(1.7)))
    np.testing.assert_array_equal(changed, grey)


def test_contrast():
    changed = numpy(diff_augment.contrast(PAIR_TENSOR, tensor(0.5, 1.5)))
    np.testing.assert_allclose(changed[0], 0.3 + 0.5 * (PAIR[0] - 0.3), atol=1e-6)
    np.testing.assert_allclose(changed[1], 0.3 + 1.5 * (PAIR[1] - 0.3), atol=1e-6)


def test_translation():
    image = np.arange(1.0, 7.0, dtype="float32").reshape(1, 2, 3, 1)  # 1 2 3, 4 5 6
    images = ops.convert_to_tensor(np.repeat(image, 3, axis=0))
    changed = diff_augment.translation(images, tensor(1, -2, 0), tensor(0, 1, -1))
    expected = [[[0, 1, 2], [0, 4, 5]], [[0, 0, 0], [3, 0, 0]], [[4, 5, 6], [0, 0, 0]]]
    np.testing.assert_array_equal(numpy(changed)[..., 0], expected)


def test_cutout():
    ones = ops.ones((2, 3, 4, 1))
    changed = diff_augment.cutout(ones, tensor(1, -1), tensor(-1, 2), width=2, height=2)
    expected = [
        [[1, 0, 0, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
        [[1, 1, 1, 1], [1, 1, 1, 1], [0, 1, 1, 1]],
    ]
    np.testing.assert_array_equal(numpy(changed)[..., 0], expected)


def test_shifts_are_uniform_up_to_an_eighth_of_each_side():
    images = np.ones((4000, 8, 24, 1), "float32")
    images = numpy(DiffAugment(["translation"])(images, seed=3))
    down = [(image[0, 12, 0] == 0) - (image[-1, 12, 0] == 0) * 1.0 for image in images]
    right = np.sum(images[:, 4, :12, 0] == 0, axis=1)
    right = right - np.sum(images[:, 4, 12:, 0] == 0, axis=1)
    np.testing.assert_allclose(
        np.bincount(np.add(down, 1).astype(int)) / 4000, 1 / 3, atol=0.03
    )
    np.testing.assert_allclose(np.bincount(right + 3) / 4000, 1 / 7, atol=0.03)


def test_cutout_is_half_as_high_and_wide_at_a_uniform_position():
    images = numpy(DiffAugment(["cutout"])(np.ones((4000, 8, 8, 1), "float32"), seed=3))
    areas = np.sum(images == 0, axis=(1, 2, 3))
    assert areas.max() == 16, "4 x 4 pixels where it lies inside"
    assert areas.min() == 4, "2 x 2 where it sits on a corner"
    # 4 x 4 windows at 9 x 9 places: 16 of the 81 hit a pixel in the middle.
    assert np.mean(images[:, 4, 4] == 0) == pytest.approx(16 / 81, abs=0.03)
    assert np.mean(images[:, 0, 0] == 0) == pytest.approx(9 / 81, abs=0.03)


def test_colours_are_uniform_in_the_published_ranges():
    black = np.zeros((4000, 2, 2, 3), "float32")
    shifts = numpy(DiffAugment(["color"])(black, seed=3))[:, 0, 0, 0]
    assert -0.5 <= shifts.min() < -0.49 < 0.49 < shifts.max() <= 0.5
    assert shifts.std() == pytest.approx(1 / np.sqrt(12), abs=0.01), "uniform"
    edge = np.zeros((4000, 1, 2, 1), "float32")
    edge[:, :, 1] = 1.0
    edge = numpy(DiffAugment(["color"])(edge, seed=3))
    factors = (edge[:, 0, 1] - edge[:, 0, 0])[:, 0]
    assert 0.5 <= factors.min() < 0.51 < 1.49 < factors.max() <= 1.5


def test_changes_are_made_in_the_order_of_the_policy():
    ones = np.ones((64, 8, 8, 1), "float32")
    after = numpy(DiffAugment(["color", "cutout"])(ones, seed=0))
    before = numpy(DiffAugment(["cutout", "color"])(ones, seed=0))
    assert (after == 0).any()
    assert not (before == 0).any(), "a hole made first is brightened"


def test_an_empty_policy_does_nothing():
    np.testing.assert_array_equal(numpy(DiffAugment([])(PAIR, seed=0)), PAIR)


def test_images_differ_and_a_seed_repeats_them():
    images = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 3)).astype("float32")
    images[1:] = images[0]
    augment = DiffAugment()
    first = numpy(augment(images, seed=1))
    assert len(np.unique(first.reshape(8, -1), axis=0)) == 8
    np.testing.assert_array_equal(first, numpy(augment(images, seed=1)))
    seed = keras.random.SeedGenerator(1)
    fresh = numpy(augment(images, seed=seed)), numpy(augment(images, seed=seed))
    assert not np.array_equal(*fresh)


def test_sampled_change_is_deterministic():
    seed = keras.random.SeedGenerator(1)
    change = DiffAugment().sample(PAIR_TENSOR, seed)
    np.testing.assert_array_equal(
        numpy(change(PAIR_TENSOR)), numpy(change(PAIR_TENSOR))
    )


def test_pixels_stay_float32():
    images = ops.cast(PAIR, "bfloat16")
    assert (
        keras.backend.standardize_dtype(DiffAugment()(images, seed=0).dtype)
        == "float32"
    )


def test_no_state_and_no_logs():
    augment = DiffAugment()
    augment.update(ops.ones((4, 1)), 4)
    assert augment.logs() == {}
    assert augment.weights == []


def test_config_round_trip():
    config = keras.saving.serialize_keras_object(DiffAugment(["cutout"]))
    again = keras.saving.deserialize_keras_object(config)
    assert isinstance(again, DiffAugment)
    assert again.policy == ["cutout"]


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"some of \['color', 'cutout', 'trans.*blur"):
        DiffAugment(["blur"])
    with pytest.raises(ValueError, match=r"each once. Received: \['color', 'color'\]"):
        DiffAugment(["color", "color"])
    with pytest.raises(ValueError, match=r"list of names, such as \['color'\]"):
        DiffAugment("color")
    with pytest.raises(ValueError, match=r"of a fixed size.*\(4, 2\)"):
        DiffAugment()(np.zeros((4, 2), "float32"), seed=0)
