"""The probability of adaptive augmentation, against values worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.augment import AdaptiveAugment, RandomAugment, ScheduledAugment

IMAGES = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 3)).astype("float32")


def logits(num_positive, num_negative):
    values = [3.0] * num_positive + [-0.1] * num_negative
    return ops.convert_to_tensor(np.array(values, "float32")[:, None])


def probabilities_after(augment, *batches):
    """Return the probability after each batch."""
    found = []
    for batch in batches:
        augment.update(batch, len(batch))
        found.append(float(augment.probability))
    return found


def test_probability_rises_with_overfitting_and_falls_without():
    augment = AdaptiveAugment(target=0.6, ramp_images=100, interval=1)
    # Mean signs 0.8, 0.8, 0.4 and 1: up, up, down by 10 images of 100, up by 5.
    found = probabilities_after(
        augment, logits(9, 1), logits(9, 1), logits(7, 3), logits(5, 0)
    )
    np.testing.assert_allclose(found, [0.1, 0.2, 0.1, 0.15], atol=1e-6)


def test_probability_stays_between_0_and_1():
    augment = AdaptiveAugment(ramp_images=15, interval=1)
    bad, good = logits(0, 10), logits(10, 0)
    found = probabilities_after(augment, bad, good, good, good, bad)
    np.testing.assert_allclose(found, [0, 2 / 3, 1, 1, 1 / 3], atol=1e-6)


def test_mean_over_the_interval_decides():
    augment = AdaptiveAugment(target=0.6, ramp_images=100, interval=3)
    # (10 - 4 + 6) / 20 = 0.6, the target.
    batches = [logits(10, 0), logits(0, 4), logits(6, 0)]
    assert probabilities_after(augment, *batches) == [0, 0, 0]
    assert float(augment.mean_sign) == pytest.approx(0.6)
    # (10 + 6 - 3) / 19 = 0.684: up by 19 images of 100, at the third step only.
    found = probabilities_after(
        augment, logits(10, 0), logits(6, 0), logits(0, 3), logits(9, 0)
    )
    np.testing.assert_allclose(found, [0, 0, 0.19, 0.19], atol=1e-6)
    assert float(augment.mean_sign) == pytest.approx(1.0), (
        "each interval has its own mean"
    )


def test_nan_logits_do_not_make_the_probability_nan():
    augment = AdaptiveAugment(ramp_images=100, interval=1, probability=0.5)
    found = probabilities_after(augment, ops.full((10, 1), np.nan), logits(10, 0))
    np.testing.assert_allclose(found, [0.4, 0.5], atol=1e-6)


def test_paper_settings_reach_1_in_half_a_million_images():
    augment = AdaptiveAugment()
    found = probabilities_after(augment, *[logits(64, 0)] * 8)
    np.testing.assert_allclose(found[3], 4 * 64 / 500_000, rtol=1e-5)
    np.testing.assert_allclose(found[7], 8 * 64 / 500_000, rtol=1e-5)
    assert found[2] == 0


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every eager call; test_in_training.py has JAX",
)
def test_images_follow_the_probability():
    augment = AdaptiveAugment(ramp_images=16, interval=1)
    np.testing.assert_allclose(
        ops.convert_to_numpy(augment(IMAGES, seed=0)), IMAGES, atol=1e-6
    )
    augment.update(logits(16, 0), 16)
    assert float(augment.logs()["augmentation"]) == 1.0
    changed = ops.convert_to_numpy(augment(IMAGES, seed=0))
    expected = ops.convert_to_numpy(RandomAugment(1.0)(IMAGES, seed=0))
    np.testing.assert_array_equal(changed, expected)
    assert np.abs(changed - IMAGES).mean() > 0.1


def test_factors_scale_the_probability():
    images = np.repeat(IMAGES[:1], 4000, axis=0)
    operations = {"cutout": 0.5, "blit": 0.0}
    augment = RandomAugment(0.6, operations)
    changed = ops.convert_to_numpy(augment(images, seed=0))
    is_cut = (changed == 0).any(axis=(1, 2, 3))
    assert is_cut.mean() == pytest.approx(0.3, abs=0.03)
    np.testing.assert_array_equal(changed[~is_cut], images[~is_cut])


def test_geometry_comes_before_colour_whatever_the_order_of_the_names():
    one = RandomAugment(1.0, ["blit", "color"])(IMAGES, seed=0)
    other = RandomAugment(1.0, ["color", "blit"])(IMAGES, seed=0)
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, (one, other)))


@pytest.mark.parametrize("augment", [RandomAugment(0.0), RandomAugment(1.0, [])])
def test_identity(augment):
    change = augment.sample(ops.convert_to_tensor(IMAGES), seed=0)
    changed = ops.convert_to_numpy(change(ops.convert_to_tensor(IMAGES)))
    np.testing.assert_allclose(changed, IMAGES, atol=1e-6)


def test_schedule_counts_images():
    rising = keras.optimizers.schedules.PolynomialDecay(0.1, 100, 0.5)
    augment = ScheduledAugment(rising)
    assert float(augment.probability) == pytest.approx(0.1)
    found = probabilities_after(augment, logits(0, 25), logits(25, 0), logits(100, 0))
    np.testing.assert_allclose(found, [0.2, 0.3, 0.5], atol=1e-6)


def test_config_round_trip():
    augment = AdaptiveAugment(
        0.5,
        1000,
        2,
        0.25,
        {"blit": 1.0, "color": 0.5},
        {"contrast": 0.1},
        "wavelet",
        name="mine",
    )
    config = keras.saving.serialize_keras_object(augment)
    again = keras.saving.deserialize_keras_object(config)
    assert isinstance(again, AdaptiveAugment)
    assert again.get_config() == augment.get_config()
    assert float(again.probability) == 0.25
    rising = keras.optimizers.schedules.PolynomialDecay(0.1, 100, 0.5)
    config = keras.saving.serialize_keras_object(ScheduledAugment(rising))
    again = keras.saving.deserialize_keras_object(config)
    assert again.schedule.get_config() == rising.get_config()


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"`probability`.*\[0, 1\].*Received: 1.5"):
        RandomAugment(1.5)
    with pytest.raises(ValueError, match=r"operations=\{'blit': 2\}"):
        RandomAugment(0.5, {"blit": 2})
    with pytest.raises(
        ValueError, match=r"`operations`.*'blit'.*Received: \['twirl'\]"
    ):
        AdaptiveAugment(operations=["twirl"])
    with pytest.raises(ValueError, match=r"`strengths`.*Received: \['x_flip'\]"):
        RandomAugment(strengths={"x_flip": 0.5})
    with pytest.raises(ValueError, match=r"not negative. Received: noise=-1"):
        AdaptiveAugment(strengths={"noise": -1})
    with pytest.raises(ValueError, match=r'"bilinear" or "wavelet".*\'cubic\''):
        RandomAugment(interpolation="cubic")
    with pytest.raises(ValueError, match="between -1 and 1. Received: 1"):
        AdaptiveAugment(target=1)
    with pytest.raises(ValueError, match="must be positive. Received: 0"):
        AdaptiveAugment(ramp_images=0)
    with pytest.raises(ValueError, match="at least 1. Received: 0"):
        AdaptiveAugment(interval=0)
    with pytest.raises(ValueError, match="use `RandomAugment`. Received: 0.3"):
        ScheduledAugment(0.3)
    with pytest.raises(ValueError, match=r"of a fixed size.*\(8, 2\)"):
        RandomAugment()(np.zeros((8, 2), "float32"), seed=0)
