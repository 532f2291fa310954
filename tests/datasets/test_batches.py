"""Batches from stored arrays: order, labels, subsets."""

import numpy as np
import pytest
from made import Lazily, levels, levels_read

from keras_gan.datasets import Batches


@pytest.mark.parametrize("shuffle", [False, True])
def test_every_sample_appears_once_when_nothing_is_dropped(shuffle):
    data = Batches(levels(), batch_size=4, shuffle=shuffle, drop_remainder=False)
    assert len(data) == 3
    seen = levels_read(data)
    assert sorted(seen) == list(range(10))
    assert (seen == list(range(10))) is not shuffle


def test_drop_remainder_drops_other_samples_in_each_pass():
    data = Batches(levels(), batch_size=4)
    assert len(data) == 2
    passes = [levels_read(data) for _ in range(4)]
    assert all(len(set(seen)) == 8 for seen in passes)
    assert len({frozenset(seen) for seen in passes}) > 1


def test_a_pass_with_what_training_drops():
    data = Batches(levels(), batch_size=4)
    assert sorted(len(images) for images in data.with_remainder()) == [2, 4, 4]
    assert len(data) == 2
    assert len(data.with_steps_per_epoch(7).with_remainder()) == 7


def test_labels_stay_with_their_images():
    names = list("abcdefghij")
    data = Batches(levels(), np.arange(10)[:, None], batch_size=5, class_names=names)
    for images, labels in data:
        assert labels.dtype == np.int32
        shown = np.round((images[:, 0, 0, 0] + 1) * 127.5)
        np.testing.assert_array_equal(shown, labels)
    assert data.num_classes == 10
    assert data.class_names == names


def test_num_classes_from_the_labels():
    assert Batches(levels(4), [0, 2, 1, 0], batch_size=2).num_classes == 3
    assert Batches(levels(4), batch_size=2).num_classes is None


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], r"must be 10 integers.*int64 of shape \(2,\)"),
        (np.eye(10), "one-hot labels pass `labels.argmax"),
        (np.arange(10) - 1, "from -1 to 8"),
    ],
)
def test_bad_labels(labels, message):
    with pytest.raises(ValueError, match=message):
        Batches(levels(), labels, batch_size=2)


def test_too_few_class_names():
    with pytest.raises(ValueError, match=r"labels` go up to 9 but .* 2 names"):
        Batches(levels(), np.arange(10), batch_size=2, class_names=["a", "b"])


def test_batch_larger_than_the_data():
    for options in ({}, {"steps_per_epoch": 3}):
        with pytest.raises(ValueError, match="10 samples do not fill one batch of 11"):
            Batches(levels(), batch_size=11, **options)
    assert len(Batches(levels(), batch_size=11, drop_remainder=False)[0]) == 10


def test_subset_and_take_keep_labels_and_order():
    data = Batches(levels(), np.arange(10), batch_size=2, shuffle=False)
    part = data.subset([7, 3, 5, 1]).take(3)
    assert part.num_samples == 3
    assert len(part) == 1
    assert part[0][1].tolist() == [7, 3]
    assert part.arrays()[1].tolist() == [7, 3, 5]
    assert len(data) == 5


def test_subset_by_mask_and_empty_subset():
    data = Batches(levels(), batch_size=2, shuffle=False)
    assert levels_read(data.subset(np.arange(10) % 3 == 0)) == [0, 3, 6, 9]
    with pytest.raises(ValueError, match="0 samples do not fill one batch of 2"):
        data.subset(np.zeros(10, bool))


def test_a_custom_source():
    data = Batches(Lazily(), batch_size=2, shuffle=False, drop_remainder=False)
    assert levels_read(data) == [0, 1, 2, 3, 4]
    assert data.take(3).arrays().shape == (3, 2, 2, 1)
    with pytest.raises(ValueError, match="The source of images is empty"):
        Batches(Lazily(length=0))
    with pytest.raises(ValueError, match=r"must return uint8 .* Received: float64"):
        Batches(Lazily(dtype=float))


def test_batches_of_batches():
    with pytest.raises(ValueError, match="Received: Batches"):
        Batches(Batches(levels(), batch_size=2))


def test_take_too_many():
    with pytest.raises(ValueError, match="There are only 10 samples"):
        Batches(levels(), batch_size=2).take(11)


def test_memmap(tmp_path):
    np.save(tmp_path / "images.npy", levels())
    images = np.load(tmp_path / "images.npy", mmap_mode="r")
    data = Batches(images, batch_size=5)
    assert isinstance(data.images, np.memmap)
    assert sorted(levels_read(data)) == list(range(10))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"crop": "centre", "size": 2}, "`crop` must be None"),
        ({"crop": "center"}, "needs to know what to cut out"),
        ({"size": (2, 0)}, "`size` must be a pair"),
        ({"size": (2, 3, 4)}, "`size` must be a pair"),
        ({"batch_size": 0}, "`batch_size` must be an integer of at least 1"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        Batches(levels(), **{"batch_size": 2} | options)


def test_repr():
    data = Batches(levels(), np.arange(10), batch_size=4)
    assert repr(data) == (
        "Batches(10 samples of shape (2, 3, 1), 10 classes; 2 batches of 4, "
        "shuffle=True, seed=0, epoch=0)"
    )
