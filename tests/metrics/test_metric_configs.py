"""Metrics are saved and restored as Keras objects."""

import json

import keras
import numpy as np
import pytest

from keras_gan.metrics import (
    Application,
    ClassFrechetDistance,
    DensityCoverage,
    FashionMNISTClassifier,
    FrechetDistance,
    InceptionScore,
    InceptionV3,
    KernelDistance,
    MixtureCoverage,
    ModeCoverage,
    ModelExtractor,
    NearestNeighbours,
    PerceptualPathLength,
    PerChannel,
    PrecisionRecall,
    RawSamples,
)


def all_metrics():
    classifier = FashionMNISTClassifier()
    return [
        FrechetDistance(InceptionV3("weights.pth"), name="fid"),
        ClassFrechetDistance(classifier),
        KernelDistance(classifier, num_subsets=3, subset_size=5, seed=1),
        InceptionScore(classifier, num_splits=2, seed=1),
        PrecisionRecall(classifier, k=2),
        DensityCoverage(Application("MobileNetV2", weights=None, size=64), k=2),
        ModeCoverage(PerChannel(classifier)),
        MixtureCoverage([[0.0, 1.0]], std=0.1, within=2.0),
        PerceptualPathLength(RawSamples(), num_paths=5, epsilon=0.1, discard=0.2),
        NearestNeighbours(classifier),
    ]


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_metrics_are_restored_from_their_config(metric):
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    restored = keras.saving.deserialize_keras_object(config)
    assert type(restored) is type(metric)
    assert restored.get_config() == metric.get_config()
    assert restored.variables == []


def test_a_restored_extractor_with_other_weights_is_refused():
    network = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten()]
    )
    metric = PrecisionRecall(ModelExtractor(network, name="mine"))
    restored = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(metric)
    )
    images = np.zeros((5, 8, 8, 3), "uint8")
    assert metric.extractor.features(images).shape == (5, 144)
    with pytest.raises(ValueError, match="does not have the weights"):
        restored.extractor.features(images)
    restored.extractor.model.set_weights(network.get_weights())
    assert restored.extractor.features(images).shape == (5, 144)


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_keras_can_list_and_reset_metrics(metric):
    assert isinstance(metric, keras.metrics.Metric)
    assert metric.variables == []
    metric.reset_state()
    with pytest.raises(ValueError, match="Received 0 |measured on a sampler|no batch"):
        metric.result()


def test_reset_state_forgets_all_samples():
    metric = FrechetDistance(RawSamples())
    samples = np.random.default_rng(0).normal(size=(10, 2))
    metric.update_state(samples, samples)
    assert metric.result() == pytest.approx(0)
    metric.reset_state()
    assert metric.real["features"].num_samples == 0
    assert metric.fake["features"].num_samples == 0
