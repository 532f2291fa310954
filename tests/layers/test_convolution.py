"""The fast convolutions are the convolutions of Keras."""

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops

from keras_gan import backend
from keras_gan.layers import GroupedConv2D, PointwiseConv2D
from keras_gan.layers import convolution as module

PAIRS = {
    "grouped": lambda: (
        GroupedConv2D(6, 3, groups=3, padding="same"),
        keras.layers.Conv2D(6, 3, groups=3, padding="same"),
    ),
    "one group": lambda: (
        GroupedConv2D(6, 3, use_bias=False, strides=2),
        keras.layers.Conv2D(6, 3, use_bias=False, strides=2),
    ),
    "pointwise": lambda: (PointwiseConv2D(5), keras.layers.Conv2D(5, 1)),
}


@pytest.fixture(params=PAIRS)
def pair(request):
    ours, keras_own = PAIRS[request.param]()
    for layer in (ours, keras_own):
        layer.build((None, 5, 4, 6))
    keras_own.set_weights([np.random.normal(size=w.shape) for w in ours.weights])
    ours.set_weights(keras_own.get_weights())
    return ours, keras_own


def penalised_gradients(layer, x):
    """The gradient with respect to the weights of a loss with a squared slope."""

    def loss():
        y, slope = backend.input_gradient(lambda x: ops.sum(layer(x) ** 2), x)
        return y + ops.sum(slope**2), y

    gradients_of = as_one(lambda: backend.gradients(loss, layer.trainable_variables))
    _, gradients = gradients_of()
    return [ops.convert_to_numpy(gradient) for gradient in gradients]


def test_equal_to_keras_up_to_the_second_derivative(pair):
    ours, keras_own = pair
    x = ops.array(np.random.default_rng(1).normal(size=(2, 5, 4, 6)), "float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours(x)), ops.convert_to_numpy(keras_own(x)), atol=1e-5
    )
    for a, b in zip(
        penalised_gradients(ours, x), penalised_gradients(keras_own, x), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3)


def test_sizes_known_only_later(pair):
    ours, keras_own = pair
    inputs = keras.Input((None, None, 6))
    model = keras.Model(inputs, ours(inputs))
    x = np.random.default_rng(1).normal(size=(3, 4, 7, 6)).astype("float32")
    expected = ops.convert_to_numpy(keras_own(ops.array(x)))
    np.testing.assert_allclose(
        model.predict(x, batch_size=2, verbose=0), expected, atol=1e-5
    )


def test_on_a_gpu_the_groups_stay_together(pair, monkeypatch):
    ours, keras_own = pair
    monkeypatch.setattr(module, "_grouped_is_fast", lambda: True)
    x = ops.array(np.random.default_rng(1).normal(size=(2, 5, 4, 6)), "float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours(x)), ops.convert_to_numpy(keras_own(x)), atol=1e-5
    )


def test_config_and_shape(pair):
    ours, keras_own = pair
    again = type(ours).from_config(ours.get_config())
    again.build((None, 5, 4, 6))
    assert [w.shape for w in again.weights] == [w.shape for w in keras_own.weights]
    assert again.groups == keras_own.groups
    shape = (None, 5, 4, 6)
    assert ours.compute_output_shape(shape) == keras_own.compute_output_shape(shape)
