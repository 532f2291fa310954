"""Vectors to small pictures and back, and images clipped when they are shown."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.layers import BasisExpansion, BasisProjection, ClipAtInference

BASIS = np.arange(4.0).reshape(1, 2, 2)  # pictures [0, 2] and [1, 3]


def test_expansion_by_hand():
    layer = BasisExpansion(1, 2)
    layer.build((None, 2))
    layer.basis.assign(BASIS)
    y = ops.convert_to_numpy(layer(ops.array([[1.0, 10.0], [0.0, -1.0]])))
    np.testing.assert_array_equal(y[0], [[[0, 10], [2, 30]]])
    np.testing.assert_array_equal(y[1], [[[0, -1], [0, -3]]])


def test_projection_by_hand():
    layer = BasisProjection()
    layer.build((None, 1, 2, 2))
    layer.basis.assign(BASIS)
    pictures = ops.array([[[[1.0, 1.0], [5.0, 1.0]]]])
    y = ops.convert_to_numpy(layer(pictures))
    np.testing.assert_array_equal(y, [[0 * 1 + 2 * 5, 1 * 1 + 3 * 1]])


def test_projection_is_a_depthwise_convolution():
    layer = BasisProjection()
    x = ops.array(np.random.default_rng(0).normal(size=(3, 4, 5, 2)), "float32")
    y = layer(x)
    kernel = ops.expand_dims(layer.basis.value, -1)
    expected = ops.depthwise_conv(x, kernel, padding="valid")[:, 0, 0]
    np.testing.assert_allclose(
        ops.convert_to_numpy(y), ops.convert_to_numpy(expected), rtol=1e-4, atol=1e-5
    )


def test_initial_deviations():
    expansion, projection = BasisExpansion(4, 4), BasisProjection()
    expansion.build((None, 512))
    projection.build((None, 4, 4, 512))
    assert np.std(expansion.get_weights()[0]) == pytest.approx(1.0, rel=0.05)
    assert np.std(projection.get_weights()[0]) == pytest.approx(1 / 4, rel=0.05)


def test_clip_at_inference_only():
    layer = ClipAtInference(-1, 2)
    x = ops.array([-3.0, 0.5, 3.0])
    shown = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(shown, [-1, 0.5, 2])
    learned = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_array_equal(learned, [-3, 0.5, 3])


@pytest.mark.parametrize(
    "layer", [BasisExpansion(3, 2), BasisProjection(), ClipAtInference(0, 2)]
)
def test_config_and_shape(layer):
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    shape = (None, 4) if isinstance(layer, BasisExpansion) else (None, 3, 2, 4)
    symbolic = again(keras.KerasTensor(shape))
    assert symbolic.shape[1:] == again(ops.ones((2, *shape[1:]))).shape[1:]
