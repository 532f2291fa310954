"""The layers next to the image are Keras' layers, to the second derivative."""

from functools import partial

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops

from keras_gan import backend
from keras_gan.layers import Conv2D, Conv2DTranspose


def pair(ours, theirs, shape, **kwargs):
    settings = {"strides": 2, "padding": "same", "activation": "tanh"} | kwargs
    made = [
        kind(
            kernel_size=settings["kernel_size"],
            **{k: v for k, v in settings.items() if k != "kernel_size"},
        )
        for kind in (ours, theirs)
    ]
    for layer in made:
        layer.build((None, *shape))
    made[0].set_weights(made[1].get_weights())
    return made


def slopes(layer, inputs):
    """The layer's outputs, and the gradients of a penalty on its input gradient."""

    def penalty():
        _, slope = backend.input_gradient(
            lambda x: ops.sum(ops.square(layer(x, training=True))), inputs
        )
        outputs = layer(inputs, training=True)
        return ops.sum(ops.square(slope)) + ops.sum(outputs), outputs

    (_, outputs), gradients = backend.gradients(penalty, layer.trainable_variables)
    return outputs, gradients


@pytest.mark.parametrize("kernel_size", [2, 3, 4, 5, 6, (3, 4)])
@pytest.mark.parametrize(
    ("ours", "theirs", "shape", "filters"),
    [
        (Conv2D, keras.layers.Conv2D, (6, 8, 3), 5),
        (Conv2DTranspose, keras.layers.Conv2DTranspose, (3, 4, 5), 3),
    ],
)
def test_numbers_and_both_derivatives_are_keras(
    ours, theirs, shape, filters, kernel_size
):
    layers = pair(ours, theirs, shape, filters=filters, kernel_size=kernel_size)
    inputs = ops.convert_to_tensor(
        np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
    )
    (ours_out, ours_slopes), (their_out, their_slopes) = (
        as_one(partial(slopes, layer))(inputs) for layer in layers
    )
    assert tuple(ours_out.shape) == tuple(their_out.shape)
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours_out), ops.convert_to_numpy(their_out), atol=1e-5
    )
    for own, expected in zip(ours_slopes, their_slopes, strict=True):
        expected = ops.convert_to_numpy(expected)
        np.testing.assert_allclose(
            ops.convert_to_numpy(own), expected, atol=1e-4 * np.abs(expected).max()
        )


@pytest.mark.parametrize(
    ("kind", "shape", "kwargs"),
    [
        (Conv2D, (7, 7, 3), {}),  # odd
        (Conv2D, (6, 6, 16), {}),  # many channels
        (Conv2D, (6, 6, 3), {"padding": "valid"}),
        (Conv2D, (6, 6, 3), {"kernel_size": 7}),
        (Conv2DTranspose, (3, 3, 4), {"filters": 16}),
        (Conv2DTranspose, (3, 3, 4), {"strides": 3}),
        (Conv2DTranspose, (3, 3, 4), {"output_padding": 1}),
    ],
)
def test_what_has_no_other_form_is_keras_layer(kind, shape, kwargs):
    base = kind.__mro__[1]
    settings = {"filters": 4, "kernel_size": 3} | kwargs
    layers = pair(kind, base, shape, **settings)
    inputs = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
    ours, theirs = (layer(inputs, training=True) for layer in layers)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ours), ops.convert_to_numpy(theirs)
    )


def test_inference_is_keras_graph():
    layer, theirs = pair(
        Conv2DTranspose,
        keras.layers.Conv2DTranspose,
        (3, 4, 5),
        filters=3,
        kernel_size=5,
    )
    inputs = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(inputs)), ops.convert_to_numpy(theirs(inputs))
    )
