"""Modulated convolution against a kernel for each example, and to two derivatives."""

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops

from keras_gan import backend
from keras_gan.layers import ModulatedConv2D


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def number(tensor):
    return ops.convert_to_numpy(tensor)


def made(features, kernel, **arguments):
    layer = ModulatedConv2D(kernel.shape[-1], len(kernel), use_bias=False, **arguments)
    layer.build([features.shape, (None, features.shape[-1])])
    layer.set_weights([kernel])
    return layer


def example_by_example(features, styles, kernel, demodulate):
    """The definition: each example has a kernel of its own."""
    outputs = []
    for x, style in zip(features, styles, strict=True):
        own = kernel * style[None, None, :, None]
        if demodulate:
            own = own / np.sqrt((own**2).sum(axis=(0, 1, 2)) + 1e-8)
        else:
            own = own / np.prod(kernel.shape[:3]) ** 0.5
        y = ops.conv(
            ops.array(x[None]),
            ops.array(own.astype("float32")),
            padding="same",
            data_format="channels_last",
        )
        outputs.append(number(y)[0])
    return np.stack(outputs)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("side", [1, 3])
def test_scaling_stands_for_a_kernel_for_each_example(side, demodulate):
    features, styles = some(3, 5, 4, 6), some(3, 6, seed=1)
    kernel = some(side, side, 6, 2, seed=2)
    layer = made(features, kernel, demodulate=demodulate)
    np.testing.assert_allclose(
        number(layer([ops.array(features), ops.array(styles)])),
        example_by_example(features, styles, kernel, demodulate),
        atol=1e-5,
    )


def test_demodulation_leaves_the_size_of_a_style_without_effect():
    features, styles, kernel = some(2, 4, 4, 6), some(2, 6, seed=1), some(3, 3, 6, 4)
    layer = made(features, kernel)
    small = number(layer([ops.array(features), ops.array(styles)]))
    large = number(layer([ops.array(features), ops.array(50 * styles)]))
    np.testing.assert_allclose(large, small, atol=1e-5)
    assert small.std() == pytest.approx(1.0, rel=0.2)


def test_float16_does_not_overflow():
    features, kernel = some(2, 4, 4, 6), some(3, 3, 6, 4)
    styles = 60_000 * np.sign(some(2, 6, seed=1))
    layer = made(features, kernel, dtype="mixed_float16")
    outputs = number(layer([ops.array(features), ops.array(styles)]))
    full = made(features, kernel)([ops.array(features), ops.array(styles)])
    np.testing.assert_allclose(outputs, number(full), atol=0.02)


def test_upsampling_by_hand():
    """A kernel that is 1 in the middle interpolates: 3/4 and 1/4, half a pixel off."""
    features = np.reshape([4.0, 8.0], (1, 1, 2, 1)).astype("float32")
    kernel = np.zeros((3, 3, 1, 1), "float32")
    kernel[1, 1] = 1.0
    layer = made(features, kernel, upsample=True)
    outputs = number(layer([ops.array(features), ops.ones((1, 1))]))
    assert outputs.shape == (1, 2, 4, 1)
    # The middle of the kernel puts pixel i at 2 i + 1: [0, 4, 0, 8, 0], blurred with
    # [1, 3, 3, 1] / 4 from one zero before.
    row = np.array([3 * 4, 3 * 4 + 8, 4 + 3 * 8, 3 * 8]) / 4
    column = np.array([3, 3]) / 4
    np.testing.assert_allclose(outputs[0, :, :, 0], np.outer(column, row), rtol=1e-5)


def test_two_derivatives():
    """The derivative of the norm of an input gradient, against finite differences."""
    features, styles = some(2, 3, 3, 4), some(2, 4, seed=1)
    layer = made(features, some(3, 3, 4, 2, seed=2), upsample=True)

    def loss():
        def total(styles):
            y = layer([ops.array(features), styles])
            return ops.sum(ops.tanh(y))

        _, gradient = backend.input_gradient(total, ops.array(styles))
        return ops.sum(ops.square(gradient)), ()

    def derivatives():  # the kernel is a constant of what JAX compiles
        return as_one(lambda: backend.gradients(loss, [layer.kernel]))()

    (value, _), (found,) = derivatives()
    direction, step = some(*found.shape, seed=3), 1e-2
    kernel = number(layer.kernel)
    ends = []
    for sign in (1, -1):
        layer.kernel.assign(kernel + sign * step * direction)
        ends.append(float(derivatives()[0][0]))
    assert float(value) > 0
    expected = (ends[0] - ends[1]) / (2 * step)
    assert (number(found) * direction).sum() == pytest.approx(expected, rel=0.02)


def test_refused():
    with pytest.raises(ValueError, match="6 channels, and there are 5 styles"):
        ModulatedConv2D(3, 3)([ops.ones((2, 4, 4, 6)), ops.ones((2, 5))])
    with pytest.raises(ValueError, match="has a `kernel_size` of 3. Received: 1"):
        ModulatedConv2D(3, 1, upsample=True)
    assert isinstance(ModulatedConv2D(3, 1), keras.Layer)
