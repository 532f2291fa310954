"""Noise injection, pixel normalisation, constants and running means."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import backend
from keras_gan.layers import (
    LearnedConstant,
    NoiseInjection,
    PixelNormalization,
    RunningMean,
    ScaledLeakyReLU,
)


def number(tensor):
    return ops.convert_to_numpy(tensor)


def noisy(at_inference="constant", strength=0.5):
    layer = NoiseInjection(at_inference, seed=0)
    layer.build((None, 6, 5, 3))
    layer.strength.assign(strength)
    return layer


def test_noise_starts_without_effect():
    x = ops.ones((2, 6, 5, 3))
    np.testing.assert_array_equal(number(NoiseInjection()(x)), 1.0)


def test_noise_in_training_is_fresh_for_each_example_and_one_for_all_channels():
    layer, x = noisy(), ops.zeros((400, 6, 5, 3))
    first, second = (number(layer(x, training=True)) for _ in range(2))
    np.testing.assert_array_equal(first, first[..., :1].repeat(3, axis=-1))
    assert first.std() == pytest.approx(0.5, rel=0.05)
    for other in (second, np.roll(first, 1, axis=0), np.roll(first, 1, axis=1)):
        correlation = np.corrcoef(first[..., 0].ravel(), other[..., 0].ravel())[0, 1]
        assert abs(correlation) < 0.05


def test_noise_at_inference():
    x = ops.zeros((3, 6, 5, 2))
    constant = noisy()
    outputs = number(constant(x))
    np.testing.assert_allclose(outputs[2, :, :, 1], 0.5 * number(constant.noise))
    np.testing.assert_array_equal(number(constant(x)), outputs)
    np.testing.assert_array_equal(number(noisy("none")(x)), 0.0)
    drawn = noisy("random")
    with backend.seeded(drawn, 5):
        first = number(drawn(x))
    with backend.seeded(drawn, 5):
        np.testing.assert_array_equal(number(drawn(x)), first)
    assert np.abs(first[0] - first[1]).max() > 0.1


def test_refused_noise():
    with pytest.raises(ValueError, match='must be "constant", "random" or "none"'):
        NoiseInjection("const")
    with pytest.raises(ValueError, match="of a known size"):
        NoiseInjection()(keras.KerasTensor((None, None, None, 3)))


def test_pixel_normalization():
    x = np.array([[3.0, -4.0], [0.0, 0.0]], "float32")
    outputs = number(PixelNormalization()(ops.array(x)))
    np.testing.assert_allclose(outputs[0], np.array([3, -4]) / np.sqrt(12.5), rtol=1e-5)
    np.testing.assert_array_equal(outputs[1], 0.0)
    half = PixelNormalization(dtype="float16")(ops.cast(300.0 * x, "float16"))
    np.testing.assert_allclose(number(half)[0], outputs[0], rtol=1e-2)


def test_scaled_leaky_relu():
    x = ops.array([-1.0, 2.0, 9.0])
    root = 2**0.5
    outputs = number(ScaledLeakyReLU()(x))
    np.testing.assert_allclose(outputs, [-0.2 * root, 2 * root, 9 * root], rtol=1e-6)
    clipped = number(ScaledLeakyReLU(gain=1.0, clip=3.0)(x))
    np.testing.assert_allclose(clipped, [-0.2, 2.0, 3.0])


def test_constant():
    layer = LearnedConstant(2, 3, 4)
    outputs = number(layer(ops.zeros((5, 7))))
    np.testing.assert_array_equal(outputs, number(layer.constant)[None].repeat(5, 0))


def test_running_mean():
    layer = RunningMean(decay=0.75)
    x = ops.array([[0.0, 4.0], [8.0, 4.0]])
    np.testing.assert_array_equal(number(layer(x, training=True)), number(x))
    np.testing.assert_allclose(number(layer.mean), [1.0, 1.0])
    layer(x, training=True)
    np.testing.assert_allclose(number(layer.mean), [1.75, 1.75])
    layer(10 * x)
    np.testing.assert_allclose(number(layer.mean), [1.75, 1.75])
    assert not layer.trainable_variables
    with pytest.raises(ValueError, match="at least 0 and below 1. Received: 1"):
        RunningMean(1)
