import itertools
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
    compare,
    measure,
)
from keras_gan.metrics.measure import CHUNK
from keras_gan.pixels import from_uint8


class Sampler:
    """Replays images as a generator would make them, in [-1, 1]."""

    def __init__(self, images, num_classes=None):
        self.images, self.num_classes = images, num_classes
        self.seeds, self.labels = [], []

    def generate(self, num_images, seed=None, labels=None):
        self.seeds.append(seed)
        self.labels.extend([] if labels is None else labels)
        rng = np.random.default_rng(seed)
        return from_uint8(self.images[rng.integers(len(self.images), size=num_images)])


class Constant:
    num_classes = None

    def __init__(self, value):
        self.value = value

    def generate(self, num_images, seed=None):
        return np.full((num_images, 28, 28, 1), self.value, "float32")


def quiet(metrics, real, sampler, num_images=300, **options):
    options = {"cache_dir": False, "verbose": 0, **options}
    return measure(metrics, real, sampler, num_images, **options)


class Counting(FashionMNISTClassifier):
    """Counts the images that go through the network."""

    passed = 0

    def embed(self, pixels, batch_size=128):
        self.passed += len(pixels)
        return super().embed(pixels, batch_size)


def test_every_way_to_pass_real_images_gives_the_same(fashion, extractor):
    images, labels = fashion[0][:300], fashion[1][:300]
    batches = [images[:130], images[130:256], images[256:]]

    class Dataset(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return batches[index], np.zeros(len(batches[index]))

    sampler = Sampler(fashion[0][300:600])
    ways = {
        "array": images,
        "float": from_uint8(images),
        "labelled": (images, labels),
        "tensor": keras.ops.convert_to_tensor(from_uint8(images)),
        "list": batches,
        "generator": iter(batches),
        "dataset": Dataset(),
    }
    found = {
        way: quiet([FrechetDistance(extractor)], real, sampler)["frechet_distance"]
        for way, real in ways.items()
    }
    assert found["array"] > 0
    assert found == pytest.approx(dict.fromkeys(ways, found["array"]), rel=1e-6)


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


def test_no_image_is_dropped_and_each_is_seen_once(fashion):
    extractor = Counting()
    metrics = [FrechetDistance(extractor), PrecisionRecall(Counting())]
    quiet(metrics, fashion[0][:301], Sampler(fashion[0]), num_images=257)
    assert extractor.passed == 301 + 257  # one pass, though two metrics look
    for metric in metrics:
        assert metric.real["features"].num_samples == 301
        assert metric.fake["features"].num_samples == 257


def test_chunks_have_seeds_of_their_own_and_repeat(fashion, extractor):
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


def test_fakes_are_rounded_to_bytes(fashion, extractor):
    images = fashion[0][:300]

    class Between:
        """Images that lie off the bytes by up to 0.4 of a level."""

        num_classes = None
        position = 0

        def generate(self, num_images, seed=None):
            start, self.position = self.position, self.position + num_images
            exact = from_uint8(images[start : self.position])
            offset = np.random.default_rng(seed).uniform(-0.4, 0.4, exact.shape)
            return np.clip(exact + offset / 127.5, -1, 1).astype("float32")

    metric = FrechetDistance(extractor)
    assert quiet([metric], images, Between())["frechet_distance"] < 1e-9


def test_conditional_labels_follow_the_real_ones(fashion, extractor):
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


def test_distances_per_class_need_labels(fashion, extractor):
    metric = ClassFrechetDistance(extractor)
    with pytest.raises(ValueError, match="needs labels"):
        quiet([metric], fashion[0][:300], Sampler(fashion[0]))


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
    assert fresh.passed == 300  # the generated ones only
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


def test_augmented_data_is_not_kept(fashion, extractor, tmp_path):
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


def test_bad_images_are_refused(fashion, extractor):
    metric = FrechetDistance(extractor)
    real, sampler = fashion[0][:300], Sampler(fashion[0])
    with pytest.raises(ValueError, match="seem to lie in \\[0, 1\\]"):
        quiet([metric], real / np.float32(255), sampler)
    with pytest.raises(ValueError, match=r"Received values in \[0, 255\]"):
        quiet([metric], real.astype("float32"), sampler)
    with pytest.raises(ValueError, match="Received dtype: int64"):
        quiet([metric], real.astype("int64"), sampler)
    with pytest.raises(ValueError, match="NaN or infinite"):
        quiet([metric], real, Constant(np.nan))
    with pytest.raises(ValueError, match=r"Generated values lie in \[200, 200\]"):
        quiet([metric], real, Constant(200.0))
    with pytest.raises(ValueError, match="instead of a sigmoid"):
        quiet([metric], real, Constant(0.5))
    with pytest.raises(ValueError, match=r"images of shape \(32, 32, 1\)"):
        quiet([metric], np.zeros((300, 32, 32, 1), "uint8"), sampler)
    with pytest.raises(ValueError, match="n > 0"):
        quiet([metric], real[..., 0], sampler)
    with pytest.raises(ValueError, match="There are no images"):
        quiet([metric], real[:0], sampler)
    with pytest.raises(ValueError, match="3 images but 2 labels"):
        quiet([metric], (real[:3], np.zeros(2)), sampler)


def test_other_bad_arguments_are_refused(fashion, extractor):
    real, sampler = fashion[0][:300], Sampler(fashion[0])
    with pytest.raises(ValueError, match="expected at least 129"):
        quiet([FrechetDistance(extractor)], real, sampler, num_images=128)
    with pytest.raises(ValueError, match="`num_images` must be positive"):
        quiet([FrechetDistance(extractor)], real, sampler, num_images=0)
    with pytest.raises(ValueError, match="`metrics` must be a list"):
        quiet([keras.metrics.Mean()], real, sampler)
    with pytest.raises(ValueError, match="real=None"):
        quiet([FrechetDistance(extractor)], None, sampler)
    with pytest.raises(ValueError, match="Two metrics report 'frechet_distance'"):
        quiet([FrechetDistance(extractor)] * 2, real, sampler)
    with pytest.raises(ValueError, match="gives no 'logits'"):
        quiet([InceptionScore(RawSamples())], None, sampler)

    class Short:
        num_classes = None

        def generate(self, num_images, seed=None):
            return np.zeros((num_images - 1, 28, 28, 1))

    with pytest.raises(ValueError, match="asked for 128 images and gave 127"):
        quiet([FrechetDistance(extractor)], real, Short())


def test_shapes_of_both_sides_must_agree(fashion):
    network = keras.Sequential(
        [keras.Input((None, None, 1)), keras.layers.GlobalAveragePooling2D()]
    )
    metric = FrechetDistance(ModelExtractor(network, name="mean"))
    with pytest.raises(ValueError, match="would measure the resizing"):
        quiet([metric], np.zeros((9, 32, 32, 1), "uint8"), Sampler(fashion[0]))


def test_the_progress_bar_is_drawn(fashion, extractor, capsys):
    metric = ModeCoverage(extractor)
    quiet([metric], None, Sampler(fashion[0]), verbose="auto")
    assert "300/300" in capsys.readouterr().out
    quiet([metric], None, Sampler(fashion[0]))
    assert capsys.readouterr().out == ""


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
    with pytest.raises(ValueError, match="no pictures"):
        compare(tmp_path / "empty", tmp_path / "fake", [metric], cache_dir=False)
    Image.fromarray(images[0]).save(tmp_path / "fake" / "lossy.jpg")
    with pytest.warns(UserWarning, match="lossy"):
        compare(tmp_path / "real", tmp_path / "fake", [metric], 64, 0, tmp_path / "c")


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


EXPECTED = {
    "frechet_distance": 0.966140688,
    "kernel_distance": 0.00189478234,
    "kernel_distance_std": 0.00790182591,
    "kernel_distance_error": 0.00353380398,
    "inception_score": 7.69830492,
    "inception_score_std": 0.596802167,
    "precision": 0.91,
    "recall": 0.88,
    "density": 1.03,
    "coverage": 0.99,
}


def test_all_backends_give_the_same_numbers(fashion, extractor):
    """The numbers were computed once, on TensorFlow; this backend must agree."""
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


def test_seeds_differ_between_chunks_of_neighbouring_seeds(fashion, extractor):
    sampler = Sampler(fashion[0])
    for seed in range(4):
        quiet([ModeCoverage(extractor)], None, sampler, 3 * CHUNK, seed=seed)
    assert all(a != b for a, b in itertools.combinations(sampler.seeds, 2))
