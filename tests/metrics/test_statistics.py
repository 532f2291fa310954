import numpy as np
import pytest

from keras_gan.metrics.statistics import (
    ClassStatistics,
    FeatureStore,
    GaussianStatistics,
)


def test_streaming_equals_numpy_whatever_the_batches():
    features = np.random.default_rng(0).normal(1e4, 1.0, (1001, 7))
    statistics = GaussianStatistics()
    for start, stop in ((0, 1), (1, 400), (400, 999), (999, 1001)):
        statistics.update(features[start:stop])
    assert statistics.num_samples == 1001
    np.testing.assert_allclose(statistics.mean, features.mean(axis=0), rtol=1e-13)
    expected = np.cov(features, rowvar=False)
    np.testing.assert_allclose(statistics.covariance, expected, rtol=1e-9, atol=1e-11)


def test_float32_features_are_summed_in_float64():
    features = (1000 + np.arange(4000) % 2)[:, None].astype("float32")
    statistics = GaussianStatistics()
    statistics.update(features)
    assert statistics.mean[0] == 1000.5
    assert statistics.covariance[0, 0] == pytest.approx(1000 / 3999, rel=1e-12)


def test_memory_does_not_grow_with_samples():
    statistics = GaussianStatistics()
    for _ in range(3):
        statistics.update(np.random.default_rng(0).normal(size=(500, 4)))
    sizes = {key: value.size for key, value in statistics.state().items()}
    assert sizes == {"num_samples": 1, "mean": 4, "scatter": 16}


def test_classes_are_kept_apart():
    statistics = ClassStatistics()
    statistics.update(np.array([[0.0], [10.0], [2.0]]), np.array([0, 7, 0]))
    assert statistics.classes[0].mean[0] == 1.0
    assert statistics.classes[7].num_samples == 1
    restored = ClassStatistics()
    restored.load_state(statistics.state())
    assert restored.classes[0].covariance == statistics.classes[0].covariance == 2.0


def test_rows_keep_their_order():
    store = FeatureStore()
    store.update(np.array([[1.0], [2.0]]))
    store.update(np.array([[3.0]]))
    assert store.num_samples == 3
    assert store.array[:, 0].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("store", [GaussianStatistics, FeatureStore])
def test_bad_features_are_refused(store):
    with pytest.raises(ValueError, match="2 features are NaN or infinite"):
        store().update(np.array([[np.nan, 1.0], [0.0, np.inf]]))
    with pytest.raises(ValueError, match=r"Received shape: \(3,\)"):
        store().update(np.zeros(3))
    filled = store()
    filled.update(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="Expected features of width"):
        filled.update(np.zeros((2, 4)))


def test_classes_need_labels():
    with pytest.raises(ValueError, match="needs labels"):
        ClassStatistics().update(np.zeros((2, 1)))
    with pytest.raises(ValueError, match="2 images but 3 labels"):
        ClassStatistics().update(np.zeros((2, 1)), np.zeros(3))
