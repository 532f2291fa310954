"""Layers with an equalised learning rate, against sums worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.layers import BilinearDownsample, EqualizedConv2D, EqualizedDense


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def number(tensor):
    return ops.convert_to_numpy(tensor)


def test_dense_by_hand():
    layer = EqualizedDense(2, gain=3.0, learning_rate_multiplier=0.5)
    layer.build((None, 4))
    layer.set_weights([np.ones((4, 2)), np.array([2.0, 4.0])])
    # 4 ones: 4 * 3 * 0.5 / sqrt(4) = 3; the bias is halved.
    np.testing.assert_allclose(number(layer(ops.ones((1, 4)))), [[4.0, 5.0]])


def test_kernels_start_at_one_scale():
    dense = EqualizedDense(200, learning_rate_multiplier=0.01, use_bias=False)
    dense.build((None, 300))
    assert number(dense.kernel).std() == pytest.approx(100.0, rel=0.02)
    conv = EqualizedConv2D(100, 3)
    conv.build((None, 8, 8, 50))
    assert number(conv.kernel).std() == pytest.approx(1.0, rel=0.02)
    # What comes out of noise of size 1 has the size of the gain.
    x = some(64, 300)
    assert number(dense(ops.array(x))).std() == pytest.approx(1.0, rel=0.05)


def test_a_multiplier_slows_the_layer_down():
    """A step of a sign-like optimizer changes the outputs by m times as much."""
    changes = []
    for multiplier in (1.0, 0.1):
        layer = EqualizedDense(1, learning_rate_multiplier=multiplier, use_bias=False)
        layer.build((None, 4))
        before = number(layer(ops.ones((1, 4))))
        layer.kernel.assign_add(0.01 * np.ones((4, 1)))
        changes.append((number(layer(ops.ones((1, 4)))) - before).item())
    assert changes[1] == pytest.approx(0.1 * changes[0], rel=1e-3)


def test_conv_is_keras_conv_with_a_scaled_kernel():
    x, kernel, bias = some(2, 5, 4, 3), some(3, 3, 3, 6, seed=1), some(6, seed=2)
    layer = EqualizedConv2D(6, 3, gain=2.0)
    layer.build((None, 5, 4, 3))
    layer.set_weights([kernel, bias])
    plain = keras.layers.Conv2D(6, 3, padding="same", data_format="channels_last")
    plain.build((None, 5, 4, 3))
    plain.set_weights([kernel * 2 / 27**0.5, bias])
    np.testing.assert_allclose(
        number(layer(ops.array(x))), number(plain(ops.array(x))), atol=1e-5
    )


def test_downsampling_is_a_blur_and_every_other_pixel():
    """A kernel that is 1 in the middle passes the blurred pixels on."""
    x = some(1, 8, 6, 2)
    kernel = np.zeros((3, 3, 2, 2), "float32")
    kernel[1, 1] = np.eye(2)
    layer = EqualizedConv2D(2, 3, downsample=True, gain=18**0.5, use_bias=False)
    layer.build((None, 8, 6, 2))
    layer.set_weights([kernel])
    halved = number(layer(ops.array(x)))
    padded = np.pad(x, [(0, 0), (2, 2), (2, 2), (0, 0)])
    taps = np.array([1, 3, 3, 1]) / 8
    blurred = sum(
        taps[i] * taps[j] * padded[:, i : i + 9, j : j + 7]
        for i in range(4)
        for j in range(4)
    )
    np.testing.assert_allclose(halved, blurred[:, 1::2, 1::2][:, :4, :3], atol=1e-5)
    # It is what is left of the image where a kernel of side 1 follows.
    other = number(BilinearDownsample()(ops.array(x)))
    np.testing.assert_allclose(other, blurred[:, 1::2, 1::2][:, :4, :3], atol=1e-5)


def test_refused():
    with pytest.raises(ValueError, match="must be an odd number. Received: 4"):
        EqualizedConv2D(3, 4)
    with pytest.raises(ValueError, match="has a `kernel_size` of 3. Received: 1"):
        EqualizedConv2D(3, 1, downsample=True)
    with pytest.raises(ValueError, match="must be even. Received: 7 x 4"):
        EqualizedConv2D(3, 3, downsample=True)(ops.ones((1, 7, 4, 3)))
    with pytest.raises(ValueError, match="must be positive. Received: 0"):
        EqualizedDense(3, learning_rate_multiplier=0)
