"""Metrics change in the right direction when images are degraded."""

import numpy as np
import pytest

from keras_gan.metrics import (
    DensityCoverage,
    FrechetDistance,
    InceptionScore,
    KernelDistance,
    ModeCoverage,
    PrecisionRecall,
    compare,
)

pytestmark = pytest.mark.backends(
    "tensorflow", reason="NumPy computes the distances; test_features.py has features"
)


def blur(images, times):
    images = images.astype("float64")
    for _ in range(times):
        for axis in (1, 2):
            images = (
                np.roll(images, 1, axis) + 2 * images + np.roll(images, -1, axis)
            ) / 4
    return np.rint(images).astype("uint8")


def noise(images, std):
    added = images + np.random.default_rng(0).normal(0, std, images.shape)
    return np.clip(np.rint(added), 0, 255).astype("uint8")


@pytest.fixture(scope="module")
def values(fashion, extractor, tmp_path_factory):
    """Return results for the second half of the data after each degradation."""
    images, labels = fashion
    real, fake, fake_labels = images[:2000], images[2000:4000], labels[2000:4000]
    rng = np.random.default_rng(0)
    damaged = {
        "fresh": fake,
        "blur 1": blur(fake, 1),
        "blur 4": blur(fake, 4),
        "noise 15": noise(fake, 15),
        "noise 40": noise(fake, 40),
        "8 classes": rng.choice(fake[fake_labels < 8], 2000),
        "4 classes": rng.choice(fake[fake_labels < 4], 2000),
        "1 mode": noise(np.repeat(fake[:1], 2000, axis=0), 2),
    }
    metrics = [
        FrechetDistance(extractor),
        KernelDistance(extractor, num_subsets=10, subset_size=500),
        InceptionScore(extractor),
        PrecisionRecall(extractor),
        DensityCoverage(extractor),
        ModeCoverage(extractor),
    ]
    cache = tmp_path_factory.mktemp("references")
    return {
        name: compare(real, images, metrics, cache_dir=cache, verbose=0)
        for name, images in damaged.items()
    }


LADDERS = [
    ("fresh", "blur 1", "blur 4"),
    ("fresh", "noise 15", "noise 40"),
    ("fresh", "8 classes", "4 classes", "1 mode"),
]


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("key", ["frechet_distance", "kernel_distance"])
def test_distances_grow_with_degradation(values, ladder, key):
    steps = [values[name][key] for name in ladder]
    assert steps == sorted(steps)
    assert steps[1] > 3 * steps[0]


def test_undegraded_images_have_a_distance_near_zero(values):
    fresh, worst = values["fresh"], values["1 mode"]
    assert fresh["frechet_distance"] < 0.01 * worst["frechet_distance"]
    assert abs(fresh["kernel_distance"]) < 3 * fresh["kernel_distance_std"]
    assert fresh["precision"] > 0.75
    assert fresh["recall"] > 0.75
    assert fresh["density"] == pytest.approx(1, abs=0.15)
    assert fresh["coverage"] > 0.9


def test_precision_falls_with_noise_and_recall_with_dropped_classes(values):
    fresh = values["fresh"]
    assert values["noise 40"]["precision"] < fresh["precision"] - 0.3
    assert values["noise 40"]["density"] < fresh["density"] - 0.3
    assert values["4 classes"]["recall"] < fresh["recall"] - 0.3
    assert values["4 classes"]["coverage"] < fresh["coverage"] - 0.3
    assert values["4 classes"]["precision"] > fresh["precision"] - 0.1


def test_dropped_classes_lower_modes_and_inception_score(values):
    assert values["fresh"]["modes"] == 10
    assert values["fresh"]["reverse_kl"] < 0.01
    assert values["1 mode"]["modes"] == 1
    assert values["1 mode"]["reverse_kl"] == pytest.approx(np.log(10))
    scores = [values[n]["inception_score"] for n in ("fresh", "4 classes", "1 mode")]
    assert scores[0] > 7
    assert scores[1] < 5
    assert scores[2] < 1.1
