"""From stored arrays to float32 batches in [-1, 1]."""

import numpy as np
import pytest

from keras_gan.datasets import Batches, horizontal_flip


def levels(num_samples=10, shape=(2, 3, 1)):
    """uint8 images, image i is filled with the level i."""
    levels = np.arange(num_samples, dtype=np.uint8)
    return np.broadcast_to(levels.reshape(-1, 1, 1, 1), (num_samples, *shape)).copy()


def drawn(data):
    """The levels seen in one pass, in order."""
    batches = [np.round((images + 1) * 127.5)[:, 0, 0, 0] for images in data]
    return np.concatenate(batches).astype(int).tolist()


def test_scaling_is_exact():
    images = np.array([0, 255, 51, 102], np.uint8).reshape(1, 2, 2, 1)
    batch = Batches(images, batch_size=1)[0]
    assert batch.dtype == np.float32
    assert batch.ravel()[:2].tolist() == [-1.0, 1.0]
    np.testing.assert_allclose(batch.ravel()[2:], [-0.6, -0.2], rtol=1e-6)


def test_all_256_levels_come_back():
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    batch = Batches(images, batch_size=1)[0]
    assert batch.min() == -1
    assert batch.max() == 1
    back = np.round((batch + 1) * 127.5).astype(np.uint8)
    np.testing.assert_array_equal(back, images)


def test_grey_images_get_a_channel_axis():
    data = Batches(np.zeros((4, 5, 6), np.uint8), batch_size=4)
    assert data.image_shape == (5, 6, 1)
    assert data[0].shape == (4, 5, 6, 1)


@pytest.mark.parametrize("shuffle", [False, True])
def test_every_sample_appears_once_when_nothing_is_dropped(shuffle):
    data = Batches(levels(), batch_size=4, shuffle=shuffle, drop_remainder=False)
    assert len(data) == 3
    seen = drawn(data)
    assert sorted(seen) == list(range(10))
    assert (seen == list(range(10))) is not shuffle


def test_drop_remainder_drops_other_samples_in_each_pass():
    data = Batches(levels(), batch_size=4)
    assert len(data) == 2
    passes = [drawn(data) for _ in range(4)]
    assert all(len(set(seen)) == 8 for seen in passes)
    assert len({frozenset(seen) for seen in passes}) > 1


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
    ("value_range", "values", "expected"),
    [
        ((0, 1), [0.0, 0.25, 1.0], [-1.0, -0.5, 1.0]),
        ((0, 255), [0.0, 51.0, 255.0], [-1.0, -0.6, 1.0]),
        ((-1, 1), [0.0, 0.25, 1.0], [0.0, 0.25, 1.0]),
        (None, [-0.5, 0.25, 1.0], [-0.5, 0.25, 1.0]),
    ],
)
def test_float_images(value_range, values, expected):
    images = np.reshape(values, (1, 1, 3, 1))
    batch = Batches(images, batch_size=1, value_range=value_range)[0]
    assert batch.dtype == np.float32
    np.testing.assert_allclose(batch.ravel(), expected, rtol=1e-6)


def test_vectors_are_not_scaled():
    data = Batches([[3.0, -7.0], [1.0, 2.0]], batch_size=2, shuffle=False)
    assert data.image_shape == (2,)
    assert data[0].dtype == np.float32
    assert data[0].tolist() == [[3.0, -7.0], [1.0, 2.0]]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 2, 2)), r"values from 0 to 0: it is not clear .* value_range"),
        (np.full((2, 2, 2), 9.5), "values from 9.5 to 9.5"),
        (np.full((2, 2, 2), np.nan), "8 values that are NaN or infinite"),
        (np.array([[1.0, np.inf]]), "1 values that are NaN or infinite"),
        (np.zeros((2, 2, 2), int), r'int64.*images.astype\("uint8"\)'),
        (np.zeros((2, 2, 2), bool), "must be uint8 or float. Received: bool"),
        (np.zeros((0, 2, 2), np.uint8), r"non-empty array.*shape \(0, 2, 2\)"),
        (np.zeros(3, np.uint8), r"Received: shape \(3,\)"),
        (np.zeros((2, 784), np.uint8), r"uint8 of shape \(2, 784\).*reshape"),
        ("fashion_mnist", "Received: str.*datasets.load"),
        ({"images": 1}, "Received: dict"),
    ],
)
def test_bad_images(images, message):
    with pytest.raises(ValueError, match=message):
        Batches(images, batch_size=1)


@pytest.mark.parametrize("value_range", [(0, 1), (1, 0)])
def test_values_outside_the_range(value_range):
    with pytest.raises(ValueError, match=r"must be a pair .* values from 0 to 2"):
        Batches(np.array([[[0.0, 2.0]]]), batch_size=1, value_range=value_range)


def test_uint8_has_one_range():
    with pytest.raises(ValueError, match=r"have the value range \(0, 255\)"):
        Batches(levels(), value_range=(0, 1))


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


def test_flip_by_hand():
    rng = np.random.default_rng(0)
    flips = np.random.default_rng(0).random(6) < 0.5
    images = np.arange(6 * 4, dtype=np.uint8).reshape(6, 2, 2, 1)
    flipped = horizontal_flip(images, rng)
    assert 0 < flips.sum() < 6
    for before, after, flip in zip(images[..., 0], flipped[..., 0], flips, strict=True):
        (a, b), (c, d) = before
        assert after.tolist() == ([[b, a], [d, c]] if flip else [[a, b], [c, d]])


def test_augmentation_differs_between_epochs_and_comes_back_on_resuming():
    ramp = np.broadcast_to(np.arange(4, dtype=np.uint8), (32, 2, 4))

    def first_columns(epoch):
        data = Batches(ramp, batch_size=32, augment=horizontal_flip, shuffle=False)
        data.epoch = epoch
        return data[0][:, 0, 0, 0]

    assert set(np.round((first_columns(0) + 1) * 127.5)) == {0, 3}
    assert not np.array_equal(first_columns(0), first_columns(1))
    np.testing.assert_array_equal(first_columns(1), first_columns(1))


def test_augmentations_follow_one_another_and_leave_the_stored_images_alone():
    def double(images, rng):
        return images * np.uint8(2)

    def add_one(images, rng):
        images += np.uint8(1)
        return images

    data = Batches(levels(), batch_size=10, shuffle=False, augment=[double, add_one])
    assert drawn(data) == [2 * level + 1 for level in range(10)]
    assert drawn(data) == [2 * level + 1 for level in range(10)]
    np.testing.assert_array_equal(data.images, levels())
    assert data.arrays().max() == np.float32(9 / 127.5 - 1)


def test_augmentation_must_keep_the_dtype():
    with pytest.raises(ValueError, match=r"1 images of uint8.*returned float64"):
        Batches(levels(), batch_size=2, augment=lambda images, rng: images / 255)


def test_augmentation_must_be_callable():
    with pytest.raises(ValueError, match=r"`augment` must be a callable.*'flip'"):
        Batches(levels(), batch_size=2, augment="flip")


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
    assert drawn(data.subset(np.arange(10) % 3 == 0)) == [0, 3, 6, 9]
    with pytest.raises(ValueError, match="0 samples do not fill one batch of 2"):
        data.subset(np.zeros(10, bool))


class Lazily:
    """A source that makes its images when they are asked for."""

    def __init__(self, length=5, dtype=np.uint8):
        self.length, self.dtype = length, dtype

    def __len__(self):
        return self.length

    def __getitem__(self, indices):
        images = np.asarray(indices).reshape(-1, 1, 1, 1) * np.ones((1, 2, 2, 1))
        return images.astype(self.dtype)


def test_a_source_of_ones_own():
    data = Batches(Lazily(), batch_size=2, shuffle=False, drop_remainder=False)
    assert drawn(data) == [0, 1, 2, 3, 4]
    assert data.take(3).arrays().shape == (3, 2, 2, 1)
    with pytest.raises(ValueError, match="The source of images is empty"):
        Batches(Lazily(length=0))
    with pytest.raises(ValueError, match=r"must return uint8 .* Received: float64"):
        Batches(Lazily(dtype=float))


def test_batches_of_batches():
    with pytest.raises(ValueError, match="Received: Batches"):
        Batches(Batches(levels(), batch_size=2))


def test_take_more_than_there_is():
    with pytest.raises(ValueError, match="There are only 10 samples"):
        Batches(levels(), batch_size=2).take(11)


def test_memmap(tmp_path):
    np.save(tmp_path / "images.npy", levels())
    images = np.load(tmp_path / "images.npy", mmap_mode="r")
    data = Batches(images, batch_size=5)
    assert isinstance(data.images, np.memmap)
    assert sorted(drawn(data)) == list(range(10))


def test_resize_stretches():
    images = np.zeros((1, 2, 4, 1), np.uint8)
    images[:, :, 2:] = 200
    resized = Batches(images, batch_size=1, size=(4, 2)).images
    assert resized.shape == (1, 4, 2, 1)
    assert (resized[0, :, 0] < 20).all()
    assert (resized[0, :, 1] > 180).all()


def test_resizing_down_averages_instead_of_skipping():
    stripes = np.zeros((1, 64, 64, 3), np.uint8)
    stripes[:, :, ::2] = 200
    resized = Batches(stripes, batch_size=1, size=8).images
    assert np.abs(resized[..., 1:-1, :].astype(int) - 100).max() <= 2


def test_centre_crop_cuts_both_sides():
    images = np.full((1, 4, 12, 3), 99, np.uint8)
    images[:, :, :4] = 0
    images[:, :, 8:] = 255
    cropped = Batches(images, batch_size=1, size=(4, 4), crop="center").images
    np.testing.assert_array_equal(cropped, np.full((1, 4, 4, 3), 99))


def test_random_crop_moves_and_its_measured_form_is_central():
    ramp = np.broadcast_to(np.arange(12, dtype=np.uint8), (64, 4, 12))
    data = Batches(ramp, batch_size=64, size=(4, 4), crop="random", shuffle=False)
    assert data.image_shape == (4, 4, 1)
    first, second = data, data.with_steps_per_epoch(1)
    second.epoch = 1
    corners = [np.round((d[0][:, 0, 0, 0] + 1) * 127.5) for d in (first, second)]
    assert set(corners[0]) == set(range(9))
    assert not np.array_equal(*corners)
    centre = np.round((data.arrays()[0, 0, :, 0] + 1) * 127.5)
    assert centre.tolist() == [4, 5, 6, 7]


def test_resize_float_and_many_channels():
    images = np.zeros((1, 4, 4, 5))
    images[..., 3] = 1.0
    data = Batches(images, batch_size=1, value_range=(0, 1), size=(2, 2))
    np.testing.assert_allclose(data[0][0, 0, 0], [-1, -1, -1, 1, -1], atol=1e-6)


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


def test_vectors_have_no_size():
    with pytest.raises(ValueError, match="`size` is for images"):
        Batches(np.zeros((4, 2)), batch_size=2, size=(2, 2))


def test_repr_says_what_matters():
    data = Batches(levels(), np.arange(10), batch_size=4)
    assert repr(data) == (
        "Batches(10 samples of shape (2, 3, 1), 10 classes; 2 batches of 4, "
        "shuffle=True, seed=0, epoch=0)"
    )
