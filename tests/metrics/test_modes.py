import numpy as np
import pytest

from keras_gan.metrics import (
    MixtureCoverage,
    MNISTClassifier,
    ModeCoverage,
    PerChannel,
    reverse_kl,
)


def test_reverse_kl_by_hand():
    assert reverse_kl([5, 5]) == 0
    assert reverse_kl([7, 0, 0, 0]) == pytest.approx(np.log(4))
    expected = 0.25 * np.log(0.5) + 0.75 * np.log(1.5)
    assert reverse_kl([1, 3]) == pytest.approx(expected)


def test_one_classifier():
    metric = ModeCoverage(MNISTClassifier())
    metric.update_fake(np.eye(10)[[0, 0, 4, 9]])
    result = metric.result()
    assert result["modes"] == 3
    assert result["reverse_kl"] == pytest.approx(reverse_kl([2, 1, 1] + 7 * [0]))


def test_three_channels_make_a_thousand_modes():
    logits = np.eye(10)[[[0, 0, 0], [9, 9, 9], [0, 0, 1], [1, 0, 0], [9, 9, 9]]]
    metric = ModeCoverage(PerChannel(MNISTClassifier()))
    metric.update_fake(logits)  # (5, 3, 10)
    result = metric.result()
    assert result["modes"] == 4
    assert result["reverse_kl"] == pytest.approx(reverse_kl([2, 1, 1, 1] + 996 * [0]))


def test_stacked_images_go_through_the_classifier_channel_by_channel():
    rng = np.random.default_rng(0)
    digits = rng.integers(0, 256, (4, 28, 28, 3), "uint8")
    one, stacked = MNISTClassifier(), PerChannel(MNISTClassifier())
    outputs = stacked.outputs(digits)
    assert outputs["features"].shape == (4, 384)
    np.testing.assert_array_equal(outputs["logits"][:, 2], one.logits(digits[..., 2:]))
    assert stacked.fingerprint != one.fingerprint


def test_mixture_counts_only_good_samples():
    metric = MixtureCoverage(centers=[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], std=0.1)
    metric.update_fake(np.array([[0.0, 0.29], [0.0, 0.31], [1.0, 0.0], [1.0, 0.0]]))
    assert metric.result() == pytest.approx(
        {
            "modes": 2,
            "high_quality": 0.75,
            "reverse_kl": reverse_kl([1, 2, 0]),
        }
    )


def test_mixture_without_a_good_sample():
    metric = MixtureCoverage(centers=[[0.0]], std=0.1)
    metric.update_fake(np.array([[5.0]]))
    assert metric.result() == {
        "modes": 0,
        "high_quality": 0,
        "reverse_kl": float("inf"),
    }
    metric.reset_state()
    metric.update_fake(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="1 dimensions, the samples 2"):
        metric.result()
