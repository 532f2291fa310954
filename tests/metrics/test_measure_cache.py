"""Statistics of real images are cached, and used for the same images only."""

import keras
import numpy as np
import pytest
from samplers import Counting, Sampler, quiet

from keras_gan.metrics import FrechetDistance, PrecisionRecall


def test_the_real_side_is_cached(fashion, tmp_path):
    images, sampler = fashion[0][:300], Sampler(fashion[0])
    metrics = [FrechetDistance(Counting()), PrecisionRecall(Counting())]
    first = quiet(metrics, images, sampler, cache_dir=tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".npz", ".npz"]
    fresh = Counting()
    metrics = [FrechetDistance(fresh), PrecisionRecall(fresh)]
    assert quiet(metrics, images[::-1], sampler, cache_dir=tmp_path) == pytest.approx(
        first, rel=1e-9
    )
    assert fresh.passed == 300  # the generated images only
    fresh.passed = 0
    quiet(metrics, images[1:], sampler, cache_dir=tmp_path)
    assert fresh.passed == 299 + 300
    fresh.passed = 0
    quiet(metrics, (images, np.arange(300) % 2), sampler, cache_dir=tmp_path)
    assert fresh.passed == 300 + 300


def test_a_cache_file_from_other_data_is_an_error(fashion, extractor, tmp_path):
    sampler, metric = Sampler(fashion[0]), FrechetDistance(extractor)
    quiet([metric], fashion[0][:300], sampler, cache_dir=tmp_path / "a")
    quiet([metric], fashion[0][300:600], sampler, cache_dir=tmp_path / "b")
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in "ab")
    one.write_bytes(other.read_bytes())
    with pytest.raises(ValueError, match="was made from another data"):
        quiet([metric], fashion[0][:300], sampler, cache_dir=tmp_path / "a")
    one.write_bytes(other.read_bytes()[:1000])
    with pytest.raises(ValueError, match="cannot be read"):
        quiet([metric], fashion[0][:300], sampler, cache_dir=tmp_path / "a")


def test_augmented_data_is_not_cached(fashion, extractor, tmp_path):
    class Augmented(keras.utils.PyDataset):
        rng = np.random.default_rng(0)

        def __len__(self):
            return 3

        def __getitem__(self, index):
            images = fashion[0][100 * index : 100 * index + 100]
            return np.roll(images, self.rng.integers(1, 28), axis=1)

    metric = FrechetDistance(extractor)
    quiet([metric], Augmented(), Sampler(fashion[0]), cache_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []
