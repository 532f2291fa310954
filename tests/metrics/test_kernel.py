import numpy as np
import pytest

from keras_gan.metrics import KernelDistance, RawSamples, kernel_distance


def test_by_hand():
    # Kernel (xy + 1)^3: within reals 1, within fakes 8, across 1.
    real, fake = np.array([[0.0], [0.0]]), np.array([[1.0], [1.0]])
    assert kernel_distance(real, fake) == pytest.approx(1 + 8 - 2)


def test_unbiased_at_any_number_of_samples():
    rng = np.random.default_rng(0)
    values = [
        kernel_distance(rng.normal(size=(10, 3)), rng.normal(size=(10, 3)))
        for _ in range(2000)
    ]
    error = np.std(values) / np.sqrt(len(values))
    assert abs(np.mean(values)) < 3 * error
    assert min(values) < 0 < max(values)


def test_result_has_mean_spread_and_standard_error():
    rng = np.random.default_rng(0)
    metric = KernelDistance(RawSamples(), num_subsets=25, subset_size=50)
    metric.update_state(rng.normal(size=(300, 2)), rng.normal(1, 1, (300, 2)))
    result = metric.result()
    assert result["kernel_distance"] > 10 * result["kernel_distance_error"] > 0
    ratio = result["kernel_distance_std"] / result["kernel_distance_error"]
    assert ratio == pytest.approx(5)
    assert metric.result() == result


def test_too_few_images_for_a_subset():
    metric = KernelDistance(RawSamples(), subset_size=20)
    metric.update_state(np.zeros((30, 2)), np.zeros((19, 2)))
    with pytest.raises(ValueError, match="Received 19 generated samples.*subset_size"):
        metric.result()
    with pytest.raises(ValueError, match="`subset_size` must be at least 2"):
        KernelDistance(RawSamples(), subset_size=1)
