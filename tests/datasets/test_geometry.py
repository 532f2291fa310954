"""Resizing and cropping arrays."""

import numpy as np
import pytest

from keras_gan.datasets import Batches

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def test_resize_stretches():
    images = np.zeros((1, 2, 4, 1), np.uint8)
    images[:, :, 2:] = 200
    resized = Batches(images, batch_size=1, size=(4, 2)).images
    assert resized.shape == (1, 4, 2, 1)
    assert (resized[0, :, 0] < 20).all()
    assert (resized[0, :, 1] > 180).all()


def test_downscaling_averages():
    stripes = np.zeros((1, 64, 64, 3), np.uint8)
    stripes[:, :, ::2] = 200
    resized = Batches(stripes, batch_size=1, size=8).images
    assert np.abs(resized[..., 1:-1, :].astype(int) - 100).max() <= 2


def test_centre_crop():
    images = np.full((1, 4, 12, 3), 99, np.uint8)
    images[:, :, :4] = 0
    images[:, :, 8:] = 255
    cropped = Batches(images, batch_size=1, size=(4, 4), crop="center").images
    np.testing.assert_array_equal(cropped, np.full((1, 4, 4, 3), 99))


def test_random_crop_moves_and_arrays_crop_the_centre():
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


def test_vectors_cannot_be_resized():
    with pytest.raises(ValueError, match="`size` is for images"):
        Batches(np.zeros((4, 2)), batch_size=2, size=(2, 2))
