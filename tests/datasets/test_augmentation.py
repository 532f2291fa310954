"""Augmentation in the pipeline: random, reproducible, on copies of the images."""

import numpy as np
import pytest
from made import levels, levels_read

from keras_gan.datasets import Batches, horizontal_flip, pairs, random_shift

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def test_flip_by_hand():
    rng = np.random.default_rng(0)
    flips = np.random.default_rng(0).random(6) < 0.5
    images = np.arange(6 * 4, dtype=np.uint8).reshape(6, 2, 2, 1)
    flipped = horizontal_flip(images, rng)
    assert 0 < flips.sum() < 6
    for before, after, flip in zip(images[..., 0], flipped[..., 0], flips, strict=True):
        (a, b), (c, d) = before
        assert after.tolist() == ([[b, a], [d, c]] if flip else [[a, b], [c, d]])


def test_augmentation_differs_between_epochs_and_repeats_after_resuming():
    ramp = np.broadcast_to(np.arange(4, dtype=np.uint8), (32, 2, 4))

    def first_columns(epoch):
        data = Batches(ramp, batch_size=32, augment=horizontal_flip, shuffle=False)
        data.epoch = epoch
        return data[0][:, 0, 0, 0]

    assert set(np.round((first_columns(0) + 1) * 127.5)) == {0, 3}
    assert not np.array_equal(first_columns(0), first_columns(1))
    np.testing.assert_array_equal(first_columns(1), first_columns(1))


def test_augmentations_run_in_order_and_do_not_change_stored_images():
    def double(images, rng):
        return images * np.uint8(2)

    def add_one(images, rng):
        images += np.uint8(1)
        return images

    data = Batches(levels(), batch_size=10, shuffle=False, augment=[double, add_one])
    assert levels_read(data) == [2 * level + 1 for level in range(10)]
    assert levels_read(data) == [2 * level + 1 for level in range(10)]
    np.testing.assert_array_equal(data.images, levels())
    assert data.as_uint8().arrays().max() == 9


def test_augmentation_must_keep_the_dtype():
    with pytest.raises(ValueError, match=r"1 images of uint8.*returned float64"):
        Batches(levels(), batch_size=2, augment=lambda images, rng: images / 255)


def test_the_flip_has_a_name():
    named = Batches(levels(), batch_size=10, augment="horizontal_flip")
    np.testing.assert_array_equal(
        named[0], Batches(levels(), batch_size=10, augment=horizontal_flip)[0]
    )


def test_augmentation_must_be_callable():
    with pytest.raises(ValueError, match=r"`augment` must be a callable.*'flip'"):
        Batches(levels(), batch_size=2, augment="flip")


def test_a_shift_moves_images_and_repeats_their_margin():
    images = np.full((60, 32, 16, 6), 255, "uint8")
    images[:, 10, 5] = 7
    moved = random_shift(images, np.random.default_rng(0))
    assert (moved.shape, moved.dtype) == (images.shape, images.dtype)
    places = {tuple(np.argwhere(image[..., 0] == 7)[0]) for image in moved}
    assert places == {(y, x) for y in range(8, 13) for x in range(4, 7)}, "2 and 1"
    np.testing.assert_array_equal(moved[..., :3], moved[..., 3:])
    data = pairs(images[..., :3], images[..., :3], batch_size=4, augment="random_shift")
    inputs, targets = data[0]
    np.testing.assert_array_equal(inputs, targets)
    assert (random_shift(images[:, :8, :8], np.random.default_rng(0)) == 255).all()
