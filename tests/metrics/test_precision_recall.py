import numpy as np
import pytest

from keras_gan.metrics import (
    DensityCoverage,
    PrecisionRecall,
    RawSamples,
    density_coverage,
    distances,
    precision_recall,
)


def test_by_hand():
    real, fake = np.array([[0.0], [1.0]]), np.array([[0.0], [5.0]])
    assert precision_recall(real, fake, k=1) == (0.5, 1.0)
    far = np.array([[10.0], [10.5]])
    assert precision_recall(real, far, k=1) == (0.0, 0.0)


def test_density_and_coverage_by_hand():
    # Balls of radius 1 about 0, 1 and 2; the fake at 0.5 lies in two.
    real = np.array([[0.0], [1.0], [2.0]])
    assert density_coverage(real, np.array([[0.5]]), k=1) == (2.0, 2 / 3)
    assert density_coverage(real, np.array([[2.9], [9.0]]), k=1) == (0.5, 1 / 3)


def test_the_border_of_a_ball_is_outside():
    real = np.array([[0.0], [1.0], [2.0]])
    assert density_coverage(real, np.array([[1.0]]), k=1) == (1.0, 1 / 3)
    assert density_coverage(real, np.array([[3.0], [9.0]]), k=1) == (0.0, 0.0)


def test_density_and_coverage_of_the_authors_code():
    """Values of the authors' package, prdc 0.2, on the same arrays."""
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(200, 4)), rng.normal(0.3, 1, (150, 4))
    assert density_coverage(real, fake) == pytest.approx((0.912, 0.89))
    real = rng.integers(0, 5, (200, 3))  # many distances are equal
    fake = rng.integers(0, 6, (150, 3))
    assert density_coverage(real, fake) == pytest.approx((0.188, 0.47))
    assert density_coverage(real, real) == pytest.approx((0.48, 0.97))


@pytest.mark.parametrize("dimension", [2, 64])
def test_copies_are_no_denser_than_new_samples(dimension):
    rng = np.random.default_rng(0)
    real, fresh = rng.normal(size=(2, 1000, dimension))
    copied, _ = density_coverage(real, rng.permutation(real))
    assert copied == 1.0
    assert density_coverage(real, fresh)[0] == pytest.approx(copied, abs=0.08)


def test_collapse_keeps_precision_and_loses_recall():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(500, 2))
    collapsed = np.repeat(real[:1], 500, axis=0)
    precision, recall = precision_recall(real, collapsed)
    assert precision == 1.0
    assert recall == 1 / 500  # only the copied image itself, at distance zero
    density, coverage = density_coverage(real, collapsed)
    assert density > 0
    assert coverage < 0.05


def test_blocks_do_not_change_the_values(monkeypatch):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(157, 3)), rng.normal(0.5, 1, (203, 3))
    whole = precision_recall(real, fake), density_coverage(real, fake)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 203 * 10)
    assert (precision_recall(real, fake), density_coverage(real, fake)) == whole


def test_radii_exclude_the_sample_itself_but_not_its_copies():
    rows = np.array([[0.0], [0.0], [3.0]])
    assert distances.neighbour_radii(rows, 1).tolist() == [0.0, 0.0, 9.0]
    assert distances.neighbour_radii(rows, 2).tolist() == [9.0, 9.0, 9.0]


def test_large_offsets_do_not_cancel():
    rows = 1e6 + np.arange(5.0)[:, None]
    np.testing.assert_allclose(distances.neighbour_radii(rows, 1), 1.0, rtol=1e-9)


def test_keys_of_the_results():
    real = np.random.default_rng(0).normal(size=(50, 2))
    metric = PrecisionRecall(RawSamples())
    metric.update_state(real, real)
    assert metric.result() == {"precision": 1.0, "recall": 1.0}
    renamed = DensityCoverage(RawSamples(), name="pixels")
    renamed.update_state(real, real)
    assert set(renamed.result()) == {"pixels_density", "pixels_coverage"}


def test_too_few_samples():
    metric = PrecisionRecall(RawSamples(), k=3)
    metric.update_state(np.zeros((3, 1)), np.zeros((9, 1)))
    with pytest.raises(ValueError, match="Received 3 real samples, expected.* 4"):
        metric.result()
    with pytest.raises(ValueError, match="`k` must be an integer of at least 1"):
        PrecisionRecall(RawSamples(), k=0)
