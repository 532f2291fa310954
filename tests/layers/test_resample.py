"""Bilinear resampling, by hand and as matrices."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.layers import BilinearDownsample, BilinearUpsample


def column(values):
    return ops.array(np.reshape(values, (1, -1, 1, 1)), "float32")


def test_upsample_by_hand():
    # Along one axis [4, 8] becomes [3/4 4, 3/4 4 + 1/4 8, 1/4 4 + 3/4 8, 3/4 8];
    # the other axis has one pixel, with zero on both sides: 3/4 twice.
    y = ops.convert_to_numpy(BilinearUpsample()(column([4.0, 8.0])))
    assert y.shape == (1, 4, 2, 1)
    np.testing.assert_allclose(y[0, :, 0, 0], 0.75 * np.array([3.0, 5.0, 7.0, 6.0]))
    np.testing.assert_array_equal(y[0, :, 0], y[0, :, 1])


def test_downsample_by_hand():
    # ([0] 1 3 3 1 . [8 0 0 8 | 16 ...]): (3 * 8 + 1 * 0) / 8 from the edge.
    x = ops.repeat(column([8.0, 0.0, 0.0, 16.0]), 2, axis=2)
    y = ops.convert_to_numpy(BilinearDownsample()(x))
    assert y.shape == (1, 2, 1, 1)
    np.testing.assert_allclose(y[0, :, 0, 0], 0.75 * np.array([3.0, 6.0]))


def test_inside_a_constant_is_kept():
    up = ops.convert_to_numpy(BilinearUpsample()(ops.ones((1, 5, 6, 2))))
    np.testing.assert_allclose(up[:, 1:-1, 1:-1], 1.0, rtol=1e-6)
    down = ops.convert_to_numpy(BilinearDownsample()(ops.ones((1, 10, 12, 2))))
    np.testing.assert_allclose(down[:, 1:-1, 1:-1], 1.0, rtol=1e-6)


def test_images_and_channels_stay_apart():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 6, 2)).astype("float32")
    for layer in (BilinearUpsample(), BilinearDownsample()):
        y = ops.convert_to_numpy(layer(ops.array(x)))
        alone = ops.convert_to_numpy(layer(ops.array(x[1:2, :, :, 1:])))
        np.testing.assert_allclose(y[1:2, :, :, 1:], alone, atol=1e-6)


def test_down_is_four_times_less_than_the_transpose_of_up():
    """<up(x), y> = 4 <x, down(y)>, on both axes a factor of 2."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 3, 5, 2)).astype("float32")
    y = rng.normal(size=(1, 6, 10, 2)).astype("float32")
    up = ops.convert_to_numpy(BilinearUpsample()(ops.array(x)))
    down = ops.convert_to_numpy(BilinearDownsample()(ops.array(y)))
    assert (up * y).sum() == pytest.approx(4 * (x * down).sum(), rel=1e-4)


@pytest.mark.parametrize("layer", [BilinearUpsample(), BilinearDownsample()])
def test_shape_known_beforehand(layer):
    symbolic = layer(keras.KerasTensor((None, 4, 6, 3)))
    assert symbolic.shape[1:] == layer(ops.ones((1, 4, 6, 3))).shape[1:]
    again = type(layer).from_config(layer.get_config())
    x = ops.reshape(ops.arange(48.0), (1, 4, 4, 3))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again(x)), ops.convert_to_numpy(layer(x))
    )


def test_refused_sizes():
    with pytest.raises(ValueError, match=r"must be even. Received: 7 x 4"):
        BilinearDownsample()(ops.ones((1, 7, 4, 3)))
    with pytest.raises(ValueError, match="images .* of a known size"):
        BilinearUpsample()(keras.KerasTensor((None, None, None, 3)))
