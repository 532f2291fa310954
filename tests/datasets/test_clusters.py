"""Clusters of equal size, as labels of images that have none."""

import numpy as np
import pytest
from made import levels, save

from keras_gan import datasets, presets
from keras_gan.datasets import Batches, cluster, clusters, image_folder

pytestmark = pytest.mark.backends("torch", reason="no backend code")


def groups(num_groups, size, shape=(4, 4, 1), seed=0):
    """Images near `num_groups` bright pixels, in order, and whose they are."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 30, (num_groups * size, *shape), "uint8")
    numbers = np.repeat(np.arange(num_groups), size)
    images.reshape(len(images), -1)[np.arange(len(images)), numbers] = 255
    return images, numbers


class OfArray:
    """A source that is read by indices."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, indices):
        return self.images[indices]


def same_partition(labels, numbers):
    pairs = set(zip(labels.tolist(), numbers.tolist(), strict=True))
    return len(pairs) == len(set(labels.tolist())) == len(set(numbers.tolist()))


def test_groups_are_found():
    images, numbers = groups(4, 25)
    order = np.random.default_rng(1).permutation(len(images))
    labels = cluster(images[order], 4)
    assert labels.dtype == np.int32
    assert same_partition(labels, numbers[order])


@pytest.mark.parametrize(("num_images", "num_clusters"), [(103, 5), (7, 7), (9, 2)])
def test_sizes_differ_by_one_at_most(num_images, num_clusters):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (num_images, 6, 6, 3), "uint8")
    images[: num_images // 2] //= 8  # half of them are alike
    sizes = np.bincount(cluster(images, num_clusters), minlength=num_clusters)
    assert sizes.sum() == num_images
    assert sizes.max() - sizes.min() <= 1


def test_unequal_groups_are_cut():
    many, few = groups(1, 30)[0], groups(2, 10)[0][10:]
    labels = cluster(np.concatenate([many, few]), 2)
    assert np.bincount(labels).tolist() == [20, 20]
    assert len(set(labels[30:])) == 1


def test_the_seed_decides():
    images = np.random.default_rng(0).integers(0, 256, (60, 5, 5, 1), "uint8")
    np.testing.assert_array_equal(cluster(images, 3), cluster(images, 3, seed=0))
    assert (cluster(images, 3) != cluster(images, 3, seed=1)).any()


def test_images_that_are_all_the_same():
    labels = cluster(np.zeros((10, 4, 4, 1), "uint8"), 5)
    assert np.bincount(labels).tolist() == [2] * 5


def test_large_images_are_shrunk():
    small, numbers = groups(3, 8, (2, 4, 1))
    large = small.repeat(40, axis=1).repeat(40, axis=2).repeat(3, axis=3)
    assert large.shape == (24, 80, 160, 3)
    assert clusters._features(large).shape[1] <= clusters.MAX_FEATURES
    assert same_partition(cluster(large, 3), numbers)


@pytest.mark.parametrize("kind", ["float", "two axes", "vectors", "source"])
def test_kinds_of_images(kind):
    images, numbers = groups(3, 6)
    given = {
        "float": images.astype("float32") / 127.5 - 1,
        "two axes": images[..., 0],
        "vectors": images.reshape(18, 16).astype("float32"),
        "source": OfArray(images),
    }[kind]
    labels = cluster(given, 3)
    assert np.bincount(labels).tolist() == [6, 6, 6]
    assert same_partition(labels, numbers)


def test_batches_have_them_as_labels():
    images, numbers = groups(4, 8)
    data = Batches(images, batch_size=4, clusters=4, class_names=["a"])
    assert data.num_classes == 4
    assert data.class_names is None
    assert same_partition(data.labels, numbers)
    _, labels = data[0]
    assert labels.shape == (4,)
    other = Batches(images, batch_size=4, clusters=4, seed=3)
    np.testing.assert_array_equal(data.labels, other.labels)


def test_only_their_number_is_part_of_the_fingerprint():
    images = levels(12)
    data = Batches(images, batch_size=4, clusters=3)
    prints = [data.fingerprint(), Batches(images, batch_size=4).fingerprint()]
    prints.append(Batches(images, batch_size=4, clusters=4).fingerprint())
    assert len(set(prints)) == 3
    data.labels = data.labels[::-1].copy()
    assert data.fingerprint() == prints[0]


@pytest.mark.parametrize("options", [{}, {"crop": "random", "size": (4, 4)}])
def test_pictures_of_a_folder(tmp_path, options):
    for i in range(12):
        height = 6 + i % 2 if options else 6
        save(tmp_path / f"{i:02}.png", np.full((height, 7), 20 * i))
    data = image_folder(tmp_path, batch_size=4, clusters=3, **options)
    assert data.num_classes == 3
    assert same_partition(data.labels, np.arange(12) // 4)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (1, "`clusters` must be .* at least 2"),
        (2.5, "`clusters` must be"),
        (True, "`clusters` must be"),
        ("3", "`clusters` must be"),
        (11, "There are 10 images. Received: num_clusters=11"),
    ],
)
def test_a_number_that_cannot_be(number, why):
    with pytest.raises(ValueError, match=why):
        Batches(levels(10), batch_size=2, clusters=number)
    if number != 11:
        with pytest.raises(ValueError, match="`num_clusters` must be"):
            cluster(levels(10), number)


def test_nothing_to_cluster():
    with pytest.raises(ValueError, match="empty"):
        cluster(np.zeros((0, 4, 4, 1), "uint8"), 2)
    with pytest.raises(ValueError, match=r"NaN|finite"):
        cluster(np.full((4, 4, 4, 1), np.nan, "float32"), 2)


def test_labels_and_clusters_are_refused_at_every_door(tmp_path):
    for kind in "ab":
        save(tmp_path / kind / "0.png", np.zeros((4, 4)))
    said = "Clusters take the place of labels"
    with pytest.raises(ValueError, match=said):
        Batches(levels(4), [0, 1, 0, 1], batch_size=2, clusters=2)
    with pytest.raises(ValueError, match=said):
        datasets.fashion_mnist(labels=True, clusters=10)
    with pytest.raises(ValueError, match=said):
        image_folder(tmp_path, labels=True, clusters=2, batch_size=1)
    with pytest.raises(ValueError, match=said):
        datasets.PartlyLabelled(levels(4), [0, -1, 1, -1], batch_size=2, clusters=2)
    for two in (datasets.pairs, datasets.unpaired, datasets.coupled):
        with pytest.raises(ValueError, match="`clusters` was passed, and batches of"):
            two(levels(4), levels(4), batch_size=2, clusters=2)


def test_a_preset_trains_on_clusters_and_its_test_images_have_no_labels():
    preset = presets.get("clustered_fashion_mnist")
    few = {"num_images": 500, "batch_size": 20}
    data = preset.load_data(**few)
    assert data.num_classes == preset.num_classes == 20
    assert np.bincount(data.labels).tolist() == [25] * 20
    assert preset.load_data("test").labels is None
