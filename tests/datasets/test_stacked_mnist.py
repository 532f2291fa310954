"""Stacked MNIST: three digits in three channels, chosen by the seed."""

import numpy as np
import pytest

from keras_gan import datasets

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.fixture
def folder(tmp_path):
    """Ten digits: constant pictures with the level 10 * class."""
    classes = np.arange(10)
    images = np.broadcast_to(10 * classes[:, None, None], (10, 2, 3)).astype(np.uint8)
    arrays = {f"x_{split}": images for split in ("train", "test")}
    arrays |= {f"y_{split}": classes for split in ("train", "test")}
    np.savez(tmp_path / "mnist.npz", **arrays)
    return tmp_path


def test_channels_are_the_digits_of_the_label(folder):
    data = datasets.stacked_mnist(500, data_dir=folder, labels=True, batch_size=50)
    images, labels = data[0]
    assert images.shape == (50, 2, 3, 3)
    greys = np.round((images[:, 0, 0] + 1) * 127.5)  # (50, 3)
    np.testing.assert_array_equal(greys @ [10, 1, 0.1], labels)
    assert (images == images[:, :1, :1]).all(), "a channel is one digit"
    assert data.num_classes == 1000
    assert data.class_names[42] == "042"


def test_digits_are_uniform_and_independent(folder):
    data = datasets.stacked_mnist(30_000, data_dir=folder, labels=True)
    assert data.num_samples == 30_000
    digits = np.stack([data.labels // 100, data.labels // 10 % 10, data.labels % 10])
    for channel in digits:
        shares = np.bincount(channel, minlength=10) / 30_000
        np.testing.assert_allclose(shares, 0.1, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(digits), np.eye(3), atol=0.03)
    assert len(np.unique(data.labels)) == 1000


def test_the_seed_determines_the_digits(folder):
    def labels(seed, **options):
        data = datasets.stacked_mnist(
            100, seed, data_dir=folder, labels=True, batch_size=100, **options
        )
        return data.labels, data[0][1]

    for a, b in zip(labels(3), labels(3), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (labels(3)[0] != labels(4)[0]).any()
    stored, batch = labels(3)
    assert (stored != batch).any(), "shuffled in training"
    stored, batch = labels(3, split="test")
    np.testing.assert_array_equal(stored, batch)


def test_by_name(folder):
    data = datasets.load("stacked_mnist", num_images=8, data_dir=folder, batch_size=4)
    other = datasets.stacked_mnist(8, data_dir=folder, batch_size=4)
    np.testing.assert_array_equal(data[1], other[1])


def test_size_and_unlabelled(folder):
    data = datasets.stacked_mnist(8, data_dir=folder, size=(4, 4), batch_size=8)
    assert data.image_shape == (4, 4, 3)
    assert data[0].dtype == np.float32
    with pytest.raises(ValueError, match="num_images"):
        datasets.stacked_mnist(0, data_dir=folder)
