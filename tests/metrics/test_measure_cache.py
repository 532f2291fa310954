"""Statistics of real images are cached, and used for the same images only."""

import io

import keras
import numpy as np
import pytest
from samplers import Counting, Sampler, quiet

from keras_gan import array_files
from keras_gan.metrics import FrechetDistance, PrecisionRecall, RawSamples


class Points:
    num_classes = None

    def __init__(self, points):
        self.points = points

    def generate(self, num_images, seed=None):
        return np.resize(self.points, (num_images, 3))


def packed(arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.backends("tensorflow", "torch", reason="files: no backend code")
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


def test_a_file_that_holds_something_else_is_made_again(tmp_path):
    metric = FrechetDistance(RawSamples())
    real = np.random.default_rng(0).normal(size=(2, 60, 3)).astype("float32")
    sampler = Points(real[1])
    expected = quiet([metric], real[0], sampler, cache_dir=tmp_path / "a")
    quiet([metric], real[1], sampler, cache_dir=tmp_path / "b")
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in "ab")
    whole = one.read_bytes()
    arrays = array_files.read(one)
    for content, message in (
        (other.read_bytes(), "made from another data"),
        (whole[:1000], "not a whole file of arrays"),
        (packed(arrays | {"scatter": np.zeros((3, 4))}), "no covariance"),
        (packed(arrays | {"num_samples": np.array([2])}), "no statistics"),
        (packed({k: v for k, v in arrays.items() if k != "mean"}), "lacks .'mean'."),
    ):
        one.write_bytes(content)
        with pytest.warns(UserWarning, match=f"computed again: .*{message}"):
            again = quiet([metric], real[0], sampler, cache_dir=tmp_path / "a")
        assert again == expected
        assert array_files.read(one).keys() == arrays.keys()


def test_the_cache_is_optional(tmp_path):
    (tmp_path / "home").write_text("no folder")
    metric = FrechetDistance(RawSamples())
    real = np.random.default_rng(0).normal(size=(60, 3)).astype("float32")
    folder = tmp_path / "home" / "references"
    with pytest.warns(UserWarning, match="cache was not kept|computed again"):
        result = quiet([metric], real, Points(real), cache_dir=folder)
    assert result == quiet([metric], real, Points(real), cache_dir=False)


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
