import numpy as np
import pytest

from keras_gan.metrics import (
    ClassFrechetDistance,
    FrechetDistance,
    RawSamples,
    frechet_distance,
)


def rotation(d, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


def test_closed_form_for_commuting_covariances():
    # Then the distance is |m|^2 + sum_i (sqrt(a_i) - sqrt(b_i))^2.
    rng = np.random.default_rng(1)
    a, b = rng.uniform(0.1, 5, 40), rng.uniform(0.1, 5, 40)
    axes, shift = rotation(40), rng.normal(size=40)
    expected = shift @ shift + ((np.sqrt(a) - np.sqrt(b)) ** 2).sum()
    found = frechet_distance(np.zeros(40), axes * a @ axes.T, shift, axes * b @ axes.T)
    assert found == pytest.approx(expected, rel=1e-12)


def test_closed_form_by_hand():
    one, four = np.eye(2), 4 * np.eye(2)
    assert frechet_distance(np.zeros(2), one, np.ones(2), four) == pytest.approx(4.0)
    line = np.diag([1.0, 0.0])  # singular, so that Cholesky fails
    found = frechet_distance(np.zeros(2), line, np.zeros(2), four)
    assert found == pytest.approx((1 - 2) ** 2 + 4)


def test_singular_covariances_that_do_not_commute():
    # Rank one: tr((u u^T v v^T)^(1/2)) = |u . v|.
    u, v = np.random.default_rng(2).normal(size=(2, 30))
    found = frechet_distance(np.zeros(30), np.outer(u, u), np.zeros(30), np.outer(v, v))
    assert found == pytest.approx(u @ u + v @ v - 2 * abs(u @ v), rel=1e-6)


def test_same_gaussian_is_at_distance_zero():
    features = np.random.default_rng(0).normal(size=(500, 20))
    metric = FrechetDistance(RawSamples())
    metric.update_state(features, features)
    assert metric.result() == pytest.approx(0, abs=1e-10)


def test_result_approaches_the_distance_of_the_gaussians():
    rng = np.random.default_rng(0)
    metric = FrechetDistance(RawSamples())
    for _ in range(50):
        metric.update_state(rng.normal(size=(1000, 2)), rng.normal(3, 2, (1000, 2)))
    assert metric.result() == pytest.approx(18 + 2, rel=0.02)
    metric.reset_state()
    with pytest.raises(ValueError, match="Received 0 real samples"):
        metric.result()


def test_too_few_samples_are_refused():
    metric = FrechetDistance(RawSamples())
    metric.update_real(np.random.default_rng(0).normal(size=(100, 8)))
    metric.update_fake(np.random.default_rng(1).normal(size=(8, 8)))
    message = r"Received 8 generated samples, expected at least 9: .*features \(8\)"
    with pytest.raises(ValueError, match=message):
        metric.result()


def test_only_inception_may_be_called_fid():
    with pytest.raises(ValueError, match="only a Frechet distance over the 2015"):
        FrechetDistance(RawSamples(), name="fid")
    metric = FrechetDistance(RawSamples())
    rng = np.random.default_rng(0)
    metric.update_state(rng.normal(size=(2000, 1)), rng.normal(size=(1000, 1)))
    text = metric.describe()
    assert text.startswith("Frechet distance over raw-samples: frechet_distance ")
    assert text.endswith("(1,000 generated against 2,000 real)")
    assert "FID" not in text


def test_distance_per_class():
    metric = ClassFrechetDistance(RawSamples())
    rng = np.random.default_rng(0)
    labels = np.arange(4000) % 2
    real = rng.normal(size=(4000, 1)) + 5 * labels[:, None]
    fake = rng.normal(size=(4000, 1)) + 5 * (1 - labels[:, None])  # classes swapped
    metric.update_real(real, labels)
    metric.update_fake(fake, labels)
    result = metric.result()
    assert set(result) == {
        "class_frechet_distance",
        "class_frechet_distance_0",
        "class_frechet_distance_1",
    }
    assert result["class_frechet_distance_1"] == pytest.approx(25, rel=0.03)
    whole = FrechetDistance(RawSamples())
    whole.update_state(real, fake)
    assert whole.result() < 0.01


def test_a_missing_class_is_an_error():
    metric = ClassFrechetDistance(RawSamples())
    features = np.random.default_rng(0).normal(size=(30, 1))
    metric.update_real(features, np.arange(30) % 3)
    metric.update_fake(features, np.arange(30) % 2)
    with pytest.raises(ValueError, match=r"Missing among the generated: \[2\]"):
        metric.result()


def test_a_class_with_too_few_images_is_named():
    metric = ClassFrechetDistance(RawSamples())
    features = np.random.default_rng(0).normal(size=(30, 4))
    metric.update_real(features, np.arange(30) % 2)
    metric.update_fake(features, np.r_[np.ones(3), np.zeros(27)])
    with pytest.raises(ValueError, match="Class 1: Received 3 generated samples"):
        metric.result()


def test_an_extractor_is_required():
    with pytest.raises(ValueError, match="`extractor` must be an extractor"):
        FrechetDistance("inception")
