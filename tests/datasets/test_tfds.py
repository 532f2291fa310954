"""Data sets that tensorflow-datasets prepares, here from generators."""

import keras
import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.datasets import cache
from keras_gan.datasets.sources import ImageFile

pytestmark = pytest.mark.backends("tensorflow", reason="tensorflow-datasets needs it")

NAMES = ("cat", "dog", "emu")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return the folder of three data sets: `greys`, `wides` and `texts`."""
    library = pytest.importorskip("tensorflow_datasets")
    folder = tmp_path_factory.mktemp("tfds")

    class Greys(library.core.GeneratorBasedBuilder):
        """Image i of 8 x 6 is filled with 10 * i."""

        VERSION = library.core.Version("1.0.0")
        FEATURES = {  # noqa: RUF012
            "image": library.features.Image(shape=(8, 6, 1)),
            "label": library.features.ClassLabel(names=NAMES),
        }

        def _info(self):
            features = library.features.FeaturesDict(self.FEATURES)
            return library.core.DatasetInfo(builder=self, features=features)

        def _split_generators(self, manager):
            return {"train": self.examples(range(20)), "test": self.examples(range(3))}

        def _generate_examples(self):
            raise NotImplementedError

        def examples(self, numbers):
            for i in numbers:
                yield i, {"image": np.full((8, 6, 1), 10 * i, "uint8"), "label": i % 2}

    class Wides(Greys):
        """Colour, each of another width; 16 bits."""

        FEATURES = {  # noqa: RUF012
            "image": library.features.Image(shape=(None, None, 3), dtype=np.uint16),
        }

        def examples(self, numbers):
            for i in numbers:
                yield i, {"image": np.full((8, 8 + i, 3), 257 * i, "uint16")}

    class Texts(Greys):
        """No images."""

        FEATURES = {"text": library.features.Text()}  # noqa: RUF012

        def examples(self, numbers):
            for i in numbers:
                yield i, {"text": str(i)}

    for builder in (Greys, Wides, Texts):
        builder(data_dir=folder).download_and_prepare()
    return folder


def levels(images):
    return sorted(np.round((images[:, 0, 0, 0] + 1) * 127.5).astype(int).tolist())


def test_a_data_set_is_read(prepared):
    options = {"labels": True, "data_dir": prepared, "batch_size": 4}
    test = datasets.load("tfds:greys", split="test", **options)
    images, labels = test[0]
    assert images.shape == (3, 8, 6, 1)
    assert levels(images) == [0, 10, 20]
    np.testing.assert_array_equal(
        np.round((images[:, 0, 0, 0] + 1) * 12.75) % 2, labels
    )
    assert test.class_names == list(NAMES)
    train = datasets.tfds("greys", "train[:50%]", **options)
    assert (train.num_samples, train.shuffle, len(train)) == (10, True, 2)
    renamed = datasets.tfds("greys", class_names=["emu", "dog", "cat"], **options)
    assert sorted(set(renamed.labels.tolist())) == [1, 2]
    assert renamed.num_classes == 3
    with pytest.raises(ValueError, match=r"not among the `class_names`: \['dog'\]"):
        datasets.tfds("greys", class_names=["cat"], **options)


def test_a_file_keeps_what_is_larger_than_memory(prepared, tmp_path, monkeypatch):
    options = {"labels": True, "data_dir": prepared, "batch_size": 4}
    in_memory = datasets.tfds("greys", **options)
    monkeypatch.setattr(cache, "memory_limit", lambda: 20 * 48 - 1)
    with pytest.raises(ValueError, match="the 20 images take .* Pass cache=FOLDER"):
        datasets.tfds("greys", **options)
    options["cache"] = tmp_path / "cache"
    in_file = datasets.tfds("greys", **options)
    assert isinstance(in_file.images, ImageFile)
    for a, b in zip(in_file[1], in_memory[1], strict=True):
        np.testing.assert_array_equal(a, b)
    (path,) = options["cache"].glob("*.bytes")
    written = path.stat()
    assert datasets.tfds("greys", **options).num_samples == 20
    assert path.stat().st_mtime_ns == written.st_mtime_ns
    path.write_bytes(bytes(7))  # a damaged file is written again
    assert levels(datasets.tfds("greys", **options).arrays()[0])[-1] == 190


@pytest.mark.parametrize("crop", [None, "center", "random"])
def test_images_of_different_sizes(prepared, tmp_path, crop):
    options = {"data_dir": prepared, "batch_size": 20}
    data = datasets.tfds("wides", size=4, crop=crop, **options)
    assert data[0].shape == (20, 4, 4, 3)
    assert levels(data[0]) == list(range(20))  # 16 bits are scaled to 8
    with pytest.raises(ValueError, match=r"differ in size. Pass size="):
        datasets.tfds("wides", **options)
    if crop == "random":
        with pytest.raises(ValueError, match='Pass crop="center", or cache="memory"'):
            datasets.tfds("wides", size=4, crop=crop, cache=tmp_path, **options)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("texts", {}, "no feature 'image'. It has .*'text'"),
        ("wides", {"labels": True}, "no feature 'label'"),
        ("greys", {"split": "validation"}, r"no split 'validation'. It has .*'train'"),
        ("greys", {"split": "test[:0]"}, r"The split 'test\[:0\]' .* is empty"),
        ("mnst", {}, r"knows no data set 'mnst'. Did you mean '.*mnist'.*data_dir="),
    ],
)
def test_what_cannot_be_read_is_named(prepared, name, options, message):
    with pytest.raises(ValueError, match=message) as raised:
        datasets.tfds(name, data_dir=prepared, **options)
    assert len(str(raised.value)) < 300


def test_it_trains(prepared):
    import keras_gan

    data = datasets.tfds("greys", data_dir=prepared, batch_size=4)
    pair = keras_gan.architectures.mlp(data.image_shape, 4, None, (4,), (4,))
    gan = keras_gan.GAN(*pair)
    gan.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    assert np.isfinite(gan.fit(data, verbose=0).history["d_loss"]).all()
