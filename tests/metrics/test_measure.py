"""`measure`: kinds of real data, seeds, labels, rounding, progress bar."""

import itertools

import keras
import numpy as np
import pytest
from samplers import Counting, Sampler, quiet

from keras_gan.datasets import Batches
from keras_gan.metrics import (
    ClassFrechetDistance,
    DensityCoverage,
    FrechetDistance,
    InceptionScore,
    KernelDistance,
    ModeCoverage,
    PrecisionRecall,
    compare,
)
from keras_gan.metrics.measure import CHUNK
from keras_gan.pixels import from_uint8

OF_NUMPY = pytest.mark.backends("torch", reason="chunks, labels and seeds are NumPy's")


@pytest.mark.backends(
    "tensorflow", reason="data: no backend code, and tests/models trains on all kinds"
)
def test_all_kinds_of_real_data_give_the_same(fashion, extractor):
    images, labels = fashion[0][:300], fashion[1][:300]
    batches = [images[:130], images[130:256], images[256:]]

    class Dataset(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return batches[index], np.zeros(len(batches[index]))

    sampler = Sampler(fashion[0][300:600])
    kinds = {
        "array": images,
        "float": from_uint8(images),
        "labelled": (images, labels),
        "tensor": keras.ops.convert_to_tensor(from_uint8(images)),
        "list": batches,
        "generator": iter(batches),
        "dataset": Dataset(),
    }
    found = {
        kind: quiet([FrechetDistance(extractor)], real, sampler)["frechet_distance"]
        for kind, real in kinds.items()
    }
    assert found["array"] > 0
    assert found == pytest.approx(dict.fromkeys(kinds, found["array"]), rel=1e-6)


def test_a_tensorflow_dataset(fashion, extractor):
    tf = pytest.importorskip("tensorflow")
    images = fashion[0][:300]
    dataset = tf.data.Dataset.from_tensor_slices(from_uint8(images)).batch(64)
    metric = FrechetDistance(extractor)
    sampler = Sampler(fashion[0][300:600])
    expected = quiet([metric], images, sampler)
    assert quiet([metric], dataset, sampler) == pytest.approx(expected, rel=1e-6)
    with pytest.raises(ValueError, match="never ends"):
        quiet([metric], dataset.repeat(), sampler)


@OF_NUMPY
def test_every_image_is_processed_exactly_once(fashion):
    extractor = Counting()
    metrics = [FrechetDistance(extractor), PrecisionRecall(Counting())]
    quiet(metrics, fashion[0][:301], Sampler(fashion[0]), num_images=257)
    assert extractor.passed == 301 + 257  # one pass for both metrics
    for metric in metrics:
        assert metric.real["features"].num_samples == 301
        assert metric.fake["features"].num_samples == 257


@OF_NUMPY
def test_chunks_have_their_own_seeds_and_repeat(fashion, extractor):
    metric, sampler = FrechetDistance(extractor), Sampler(fashion[0])
    first = quiet([metric], fashion[0][:300], sampler, num_images=2 * CHUNK + 1)
    assert len(set(sampler.seeds)) == 3
    again = quiet([metric], fashion[0][:300], sampler, num_images=2 * CHUNK + 1)
    assert again == first
    assert sampler.seeds[:3] == sampler.seeds[3:]
    small = quiet(
        [metric], fashion[0][:300], sampler, num_images=2 * CHUNK + 1, batch_size=50
    )
    assert small == pytest.approx(first, rel=1e-5)
    other = quiet([metric], fashion[0][:300], sampler, 2 * CHUNK + 1, seed=1)
    assert other != first


@OF_NUMPY
def test_fakes_are_rounded_to_bytes(fashion, extractor):
    images = fashion[0][:300]

    class Between:
        """Images that differ from bytes by up to 0.4 of a level."""

        num_classes = None
        position = 0

        def generate(self, num_images, seed=None):
            start, self.position = self.position, self.position + num_images
            exact = from_uint8(images[start : self.position])
            offset = np.random.default_rng(seed).uniform(-0.4, 0.4, exact.shape)
            return np.clip(exact + offset / 127.5, -1, 1).astype("float32")

    metric = FrechetDistance(extractor)
    assert quiet([metric], images, Between())["frechet_distance"] < 1e-9


@OF_NUMPY
def test_conditional_labels_have_the_frequencies_of_the_real_ones(fashion, extractor):
    images = fashion[0][:450]
    labels = np.r_[np.zeros(300, int), np.full(150, 7)]
    metric = ClassFrechetDistance(extractor)
    sampler = Sampler(fashion[0], num_classes=10)
    result = quiet([metric], (images, labels), sampler, num_images=900)
    assert result.keys() == {
        "class_frechet_distance",
        "class_frechet_distance_0",
        "class_frechet_distance_7",
    }
    assert sampler.labels.count(0) == 600
    assert sampler.labels.count(7) == 300
    quiet([FrechetDistance(extractor)], images, sampler, num_images=200)
    assert np.bincount(sampler.labels[900:]).tolist() == [20] * 10


@OF_NUMPY
def test_progress_bar(fashion, extractor, capsys):
    metric = ModeCoverage(extractor)
    quiet([metric], None, Sampler(fashion[0]), verbose="auto")
    assert "300/300" in capsys.readouterr().out
    quiet([metric], None, Sampler(fashion[0]))
    assert capsys.readouterr().out == ""


@OF_NUMPY
def test_folders_are_compared(fashion, extractor, tmp_path):
    from PIL import Image

    images = fashion[0][:400, ..., 0]
    for index, image in enumerate(images):
        folder = tmp_path / ("real" if index < 200 else "fake") / str(index % 3)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / f"{index:03}.png")
    metric = FrechetDistance(extractor)
    found = compare(
        tmp_path / "real", tmp_path / "fake", [metric], 64, 0, tmp_path / "cache"
    )
    expected = compare(
        fashion[0][:200], fashion[0][200:400], [metric], cache_dir=False, verbose=0
    )
    assert found == pytest.approx(expected, rel=1e-6)
    with pytest.raises(ValueError, match="There is no folder"):
        compare(tmp_path / "nowhere", tmp_path / "fake", [metric], cache_dir=False)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="hold no picture"):
        compare(tmp_path / "empty", tmp_path / "fake", [metric], cache_dir=False)
    Image.fromarray(images[0]).save(tmp_path / "fake" / "lossy.jpg")
    with pytest.warns(UserWarning, match="lossy"):
        compare(tmp_path / "real", tmp_path / "fake", [metric], 64, 0, tmp_path / "c")


EXPECTED = {
    "frechet_distance": 0.966140688,
    "kernel_distance": 0.00189478234,
    "kernel_distance_std": 0.00790182591,
    "kernel_distance_error": 0.00675826673,
    "inception_score": 7.69830492,
    "inception_score_std": 0.596802167,
    "precision": 0.91,
    "recall": 0.88,
    "density": 1.03,
    "coverage": 0.99,
}


def test_all_backends_give_the_same_numbers(fashion, extractor):
    """The expected values were computed on TensorFlow; every backend must agree."""
    images = fashion[0]
    metrics = [
        FrechetDistance(extractor),
        KernelDistance(extractor, num_subsets=5, subset_size=200),
        InceptionScore(extractor),
        PrecisionRecall(extractor),
        DensityCoverage(extractor),
    ]
    found = compare(images[:400], images[400:800], metrics, cache_dir=False, verbose=0)
    assert found == pytest.approx(EXPECTED, rel=1e-4)


@OF_NUMPY
def test_what_a_pass_of_training_drops_is_measured(fashion, extractor):
    data = Batches(fashion[0][:300], batch_size=128)
    metric = FrechetDistance(extractor)
    compare(data, fashion[0][300:600], [metric], cache_dir=False, verbose=0)
    assert metric.real["features"].num_samples == 300


@OF_NUMPY
def test_seeds_differ_between_chunks_of_neighbouring_seeds(fashion, extractor):
    sampler = Sampler(fashion[0])
    for seed in range(4):
        quiet([ModeCoverage(extractor)], None, sampler, 3 * CHUNK, seed=seed)
    assert all(a != b for a, b in itertools.combinations(sampler.seeds, 2))
