"""Scaling of bytes and floats to float32 in [-1, 1], and unscaled bytes."""

import numpy as np
import pytest
from made import Lazily, levels

from keras_gan.datasets import Batches, horizontal_flip, ring
from keras_gan.pixels import from_uint8

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def test_scaling_is_exact():
    images = np.array([0, 255, 51, 102], np.uint8).reshape(1, 2, 2, 1)
    batch = Batches(images, batch_size=1)[0]
    assert batch.dtype == np.float32
    assert batch.ravel()[:2].tolist() == [-1.0, 1.0]
    np.testing.assert_allclose(batch.ravel()[2:], [-0.6, -0.2], rtol=1e-6)


def test_all_256_levels_are_recovered():
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
        Batches(np.zeros((4, 2, 2), np.uint8), value_range=(0, 1))


SOURCES = {
    "array": levels(40, (6, 5, 3)),
    "source": Lazily(40),
    "cropped": levels(40, (6, 9, 1)),
}


@pytest.mark.parametrize("name", SOURCES)
def test_scaled_bytes_equal_the_float_images(name):
    images = SOURCES[name]
    options = {"batch_size": 8, "seed": 3, "augment": horizontal_flip}
    if name == "cropped":
        options |= {"size": 5, "crop": "random"}
    data = Batches(images, np.arange(40), **options)
    stored = data.as_uint8()
    for _ in range(2):
        for (floats, labels), (pixels, same) in zip(data, stored, strict=True):
            assert pixels.dtype == np.uint8
            np.testing.assert_array_equal(from_uint8(pixels), floats)
            np.testing.assert_array_equal(labels, same)
    assert data.epoch == stored.epoch == 2


def test_bytes_start_at_the_same_position():
    data = Batches(levels(40), batch_size=8, prefetch=2)
    data.seek(3, 2)
    stored = data.as_uint8()
    assert (stored.epoch, stored.start, len(list(stored))) == (3, 2, 3)
    assert (data.epoch, data.start) == (3, 2)
    np.testing.assert_array_equal(from_uint8(stored.batch(17)), data.batch(17))
    assert stored.as_uint8().take(8)[0].dtype == np.uint8


def test_as_uint8_returns_floats_and_vectors_unchanged():
    floats = np.linspace(0, 255, 48).reshape(4, 2, 2, 3)
    for images, value_range in [(floats, (0, 255)), (floats.reshape(4, 12), None)]:
        data = Batches(images, batch_size=2, value_range=value_range)
        assert data.as_uint8() is data
    points = ring()
    assert points.as_uint8() is points
