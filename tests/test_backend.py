"""The three derivatives, on functions whose derivative is known."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import backend


@pytest.fixture
def weights():
    return keras.Variable(np.array([1.0, 2.0, 3.0], "float32"))


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_gradients(weights):
    def loss():
        loss = ops.sum(ops.square(weights))
        return loss, {"double": 2 * loss}

    (loss, aux), (gradient,) = backend.gradients(loss, [weights])
    assert float(loss) == 14.0
    assert float(aux["double"]) == 28.0
    np.testing.assert_allclose(numpy(gradient), [2.0, 4.0, 6.0])


def test_gradients_keep_what_the_function_changes(weights):
    count = keras.Variable(0.0, trainable=False)

    def loss():
        count.assign(count + 1.0)
        return ops.sum(weights), None

    backend.gradients(loss, [weights])
    backend.gradients(loss, [weights])
    assert float(numpy(count)) == 2.0


def test_pullback(weights):
    outputs, pull = backend.pullback(lambda: ops.square(weights), [weights])
    np.testing.assert_allclose(numpy(outputs), [1.0, 4.0, 9.0])
    (gradient,) = pull(ops.convert_to_tensor([1.0, 10.0, 100.0]))
    np.testing.assert_allclose(numpy(gradient), [2.0, 40.0, 600.0])


def test_pullback_composes_to_the_gradient_of_the_whole(weights):
    """G's step in two halves is the chain rule, and so the step in one."""

    def judge(x):
        return ops.sum(ops.sin(x))

    outputs, pull = backend.pullback(lambda: ops.square(weights), [weights])
    _, upstream = backend.input_gradient(judge, outputs)
    (two_halves,) = pull(upstream)
    _, (whole,) = backend.gradients(
        lambda: (judge(ops.square(weights)), None), [weights]
    )
    np.testing.assert_allclose(numpy(two_halves), numpy(whole), rtol=1e-6)


def test_input_gradient():
    x = ops.convert_to_tensor([[1.0, 2.0], [3.0, 4.0]])
    outputs, gradient = backend.input_gradient(
        lambda x: ops.sum(x**3, axis=-1, keepdims=True), x
    )
    np.testing.assert_allclose(numpy(outputs), [[9.0], [91.0]])
    np.testing.assert_allclose(numpy(gradient), [[3.0, 12.0], [27.0, 48.0]])


def test_input_gradient_is_differentiable_again(weights):
    # d/dx sum(w x^2) = 2 w x, and the gradient of its sum in w is 2 x.
    x = ops.convert_to_tensor([1.0, -1.0, 0.5])

    def loss():
        _, gradient = backend.input_gradient(lambda x: ops.sum(weights * x**2), x)
        return ops.sum(gradient), None

    _, (gradient,) = backend.gradients(loss, [weights])
    np.testing.assert_allclose(numpy(gradient), [2.0, -2.0, 1.0])


def test_input_gradient_drops_what_the_function_changes():
    count = keras.Variable(0.0, trainable=False)

    def looked_at(x):
        count.assign(count + 1.0)
        return ops.sum(x)

    backend.input_gradient(looked_at, ops.ones((2,)))
    assert float(numpy(count)) == 0.0
