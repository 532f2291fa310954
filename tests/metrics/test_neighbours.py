import numpy as np
import pytest

from keras_gan.metrics import NearestNeighbours, compare


@pytest.mark.backends("torch", reason="NumPy compares: run once")
def test_copies_of_the_training_set_are_detected(fashion, extractor):
    images, _ = fashion
    train, fresh = images[:1500], images[1500:2500]
    metric = NearestNeighbours(extractor)
    copied = compare(train, train[:300], [metric], cache_dir=False, verbose=0)
    assert copied["copies"] == 1.0
    assert copied["authenticity"] == 0.0
    assert copied["nearest_ratio"] == 0.0
    honest = compare(train, fresh, [metric], cache_dir=False, verbose=0)
    assert honest["copies"] < 0.01
    assert 0.4 < honest["authenticity"] < 0.75
    assert honest["nearest_ratio"] == pytest.approx(1, abs=0.15)


def test_a_disguised_copy_is_the_first_pair(fashion, extractor):
    images, _ = fashion
    train, fakes = images[:500], images[500:540].copy()
    fakes[7] = np.clip(train[123].astype(int) + 2, 0, 255)
    metric = NearestNeighbours(extractor)
    compare(train, fakes, [metric], cache_dir=False, verbose=0)
    pairs = metric.pairs(3)
    assert pairs.shape == (3, 2, 28, 28, 1)
    np.testing.assert_array_equal(pairs[0, 0], fakes[7])
    np.testing.assert_array_equal(pairs[0, 1], train[123])
    assert metric.nearest()[0][7] == 123


def test_features_without_images_are_refused(extractor):
    with pytest.raises(ValueError, match="does not take features"):
        NearestNeighbours(extractor).update_real(np.zeros((3, 128)))
