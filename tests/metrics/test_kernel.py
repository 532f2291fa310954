import numpy as np
import pytest

from keras_gan.metrics import (
    KernelDistance,
    RawSamples,
    kernel,
    kernel_distance,
    kernel_distance_variance,
)


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


def result(rng, shift, num, **options):
    metric = KernelDistance(RawSamples(), **options)
    metric.update_state(rng.normal(size=(num, 4)), rng.normal(shift, 1, (num, 4)))
    found = metric.result()
    assert metric.result() == found
    return found


def distance_of_normals(shift, dimension=4):
    """The exact distance of N(0, I) and N(shift, I).

    E k(x, x') + E k(y, y') - 2 E k(x, y), with
    E[(x . y / d + 1)^3] = 1 + 3 E[s] + 3 E[s^2] + E[s^3], of s = x . y / d.
    """

    def mean(a, b):  # x has the mean a, y has b, in every dimension
        product, d = a * b, dimension
        first, second = product, (1 + a * a) * (1 + b * b)
        third = (a**3 + 3 * a) * (b**3 + 3 * b)
        square = second / d + first**2 * (d - 1) / d
        cube = third + 3 * (d - 1) * second * first + (d - 1) * (d - 2) * first**3
        return 1 + 3 * first + 3 * square + cube / d**2

    return mean(0, 0) + mean(shift, shift) - 2 * mean(0, shift)


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5])
@pytest.mark.backends("torch", reason="NumPy computes it: run once")
def test_the_error_covers_the_true_distance(shift):
    rng, options = np.random.default_rng(0), {"num_subsets": 10, "subset_size": 50}
    found = [result(rng, shift, 150, **options) for _ in range(120)]
    distances = np.array([each["kernel_distance"] for each in found])
    errors = np.array([each["kernel_distance_error"] for each in found])
    missed = np.abs(distances - distance_of_normals(shift))
    assert np.mean(missed < 2 * errors) > 0.9
    assert 0.55 < np.mean(missed < errors) < 0.9
    assert 0.85 < errors.mean() / distances.std() < 1.6


def test_more_subsets_do_not_make_the_images_more():
    few, many = (
        result(np.random.default_rng(0), 0.5, 200, num_subsets=num, subset_size=50)
        for num in (10, 500)
    )
    assert many["kernel_distance_std"] / 500**0.5 < few["kernel_distance_error"] / 5
    assert many["kernel_distance_error"] > 0.8 * few["kernel_distance_error"]


def test_subsets_of_all_images_have_an_error_too():
    found = result(np.random.default_rng(0), 0.5, 100, num_subsets=3, subset_size=100)
    assert found["kernel_distance_std"] == pytest.approx(0, abs=1e-9)
    assert found["kernel_distance_error"] > 0.1


def test_the_jackknife_leaves_out_one_sample_each(monkeypatch):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(7, 3)), rng.normal(1, 1, (5, 3))
    left_out = [
        [kernel_distance(np.delete(real, i, 0), fake) for i in range(7)],
        [kernel_distance(real, np.delete(fake, i, 0)) for i in range(5)],
    ]
    expected = sum((len(side) - 1) * np.var(side) for side in left_out)
    assert kernel_distance_variance(real, fake) == pytest.approx(expected)
    monkeypatch.setattr(kernel, "BLOCK_ROWS", 2)
    assert kernel_distance_variance(real, fake) == pytest.approx(expected)


def test_a_large_side_counts_with_all_its_images(monkeypatch):
    options = {"num_subsets": 500, "subset_size": 50}
    whole = result(np.random.default_rng(0), 0.5, 800, **options)
    monkeypatch.setattr(kernel, "MOST_ROWS", 400)
    part = result(np.random.default_rng(0), 0.5, 800, **options)
    assert part["kernel_distance"] == whole["kernel_distance"]
    assert part["kernel_distance_error"] == pytest.approx(
        whole["kernel_distance_error"], rel=0.15
    )


def test_too_few_images_for_a_subset():
    metric = KernelDistance(RawSamples(), subset_size=20)
    metric.update_state(np.zeros((30, 2)), np.zeros((19, 2)))
    with pytest.raises(ValueError, match="Received 19 generated samples.*subset_size"):
        metric.result()
    with pytest.raises(ValueError, match="`subset_size` must be at least 2"):
        KernelDistance(RawSamples(), subset_size=1)
