"""Derivatives of functions whose derivative is known, and the fast computations."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import backend
from keras_gan.optimizers import ScheduledAdam
from keras_gan.optimizers.schedules import CosineBurnIn


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


def test_vjp(weights):
    outputs, pull = backend.vjp(lambda: ops.square(weights), [weights])
    np.testing.assert_allclose(numpy(outputs), [1.0, 4.0, 9.0])
    (gradient,) = pull(ops.convert_to_tensor([1.0, 10.0, 100.0]))
    np.testing.assert_allclose(numpy(gradient), [2.0, 40.0, 600.0])


def test_vjp_composes_to_the_gradient_of_the_whole(weights):
    """G's gradient in two halves is the chain rule, and so the gradient in one."""

    def discriminate(x):
        return ops.sum(ops.sin(x))

    outputs, pull = backend.vjp(lambda: ops.square(weights), [weights])
    _, upstream = backend.input_gradient(discriminate, outputs)
    (two_halves,) = pull(upstream)
    _, (whole,) = backend.gradients(
        lambda: (discriminate(ops.square(weights)), None), [weights]
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


@pytest.mark.parametrize(("is_frozen", "count_after"), [(False, 1.0), (True, 0.0)])
def test_updates_of_frozen_variables_are_dropped(is_frozen, count_after):
    count = keras.Variable(0.0, trainable=False)

    def fn(x):
        count.assign(count + 1.0)
        return ops.sum(x)

    frozen = {id(count)} if is_frozen else set()
    backend.input_gradient(backend.without_updates(fn, frozen), ops.ones((2,)))
    assert float(numpy(count)) == count_after


def test_random_states_advance_where_updates_are_dropped():
    seed = keras.random.SeedGenerator(3)
    fn = backend.without_updates(lambda x: x + keras.random.uniform((2,), seed=seed))
    outputs, _ = backend.input_gradient(fn, ops.zeros((2,)))
    other, _ = backend.input_gradient(fn, ops.zeros((2,)))
    assert not np.allclose(numpy(outputs), numpy(other))
    assert numpy(seed.state)[1] == 2


@pytest.mark.parametrize("is_due", [True, False])
def test_a_conditional_advances_random_states_and_drops_updates(is_due):
    """Two draws, one of them within a derivative, whether or not the branch runs."""
    seed = keras.random.SeedGenerator(3)
    count = keras.Variable(0.0, trainable=False)

    def fn():
        count.assign(count + 1.0)
        draw = keras.random.uniform((), seed=seed)

        def inner(x):
            return x * keras.random.uniform((), seed=seed)

        return draw + backend.input_gradient(inner, ops.ones(()))[1]

    value = backend.cond_without_updates(ops.convert_to_tensor(is_due), fn)
    assert (float(numpy(value)) > 0) == is_due
    assert float(numpy(count)) == 0.0
    if is_due:
        assert numpy(seed.state)[1] == 2


def test_joint_gradients_of_two_losses_from_one_pass(weights):
    calls = []

    def losses(x, y):
        calls.append(x)
        product = ops.sum(weights * x)
        return [product, product * y], {"product": product}

    x = ops.convert_to_tensor(np.array([1.0, 10.0, 100.0], "float32"))
    y = ops.convert_to_tensor(np.array(2.0, "float32"))
    (_, aux), (first, second) = backend.joint_gradients(
        losses, [x, y], [[weights, 0], [1]]
    )
    assert float(numpy(aux["product"])) == 321.0
    np.testing.assert_allclose(numpy(first[0]), [1.0, 10.0, 100.0])
    np.testing.assert_allclose(numpy(first[1]), [1.0, 2.0, 3.0])
    assert float(numpy(second[0])) == 321.0
    assert len(calls) == 1


def test_control_dependency_changes_no_value():
    x = ops.convert_to_tensor(np.array([1.0, 2.0], "float32"))
    first, nothing = backend.control_dependency([ops.ones((3,)), None], (x, None))
    np.testing.assert_array_equal(numpy(first), [1.0, 2.0])
    assert nothing is None


@pytest.mark.parametrize(
    "adam",
    [
        lambda: keras.optimizers.Adam(0.1, 0.5, 0.9),
        lambda: keras.optimizers.Adam(0.1, clipnorm=0.01, epsilon=1e-3),
        lambda: keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 3)),
        lambda: keras.optimizers.AdamW(0.1, weight_decay=0.1),
        lambda: ScheduledAdam(0.1, 0.0, CosineBurnIn(0.5, 0.99, 2)),
        lambda: ScheduledAdam(CosineBurnIn(0.1, 0.01, 2), 0.5, 0.9),
    ],
    ids=["plain", "clipped", "scheduled", "decayed", "burn_in", "fixed_beta_2"],
)
def test_apply_is_the_step_of_keras(adam):
    start = np.array([1.0, -2.0, 3.0], "float32")
    ours, theirs = keras.Variable(start), keras.Variable(start)
    optimizers = adam(), adam()
    optimizers[0].build([ours])
    optimizers[1].build([theirs])
    for step in range(3):
        gradient = ops.convert_to_tensor(start * (step - 0.5))
        backend.apply_gradients(
            optimizers[0], [gradient], [ours], ops.convert_to_tensor(True)
        )
        optimizers[1].apply([gradient], [theirs])
    np.testing.assert_allclose(numpy(ours), numpy(theirs), rtol=1e-6)
    assert (numpy(ours) != start).all()
    for a, b in zip(optimizers[0].variables, optimizers[1].variables, strict=True):
        np.testing.assert_allclose(numpy(a), numpy(b), rtol=2e-5)


def test_an_update_that_is_not_finite_is_left_out(weights):
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.build([weights])
    before = [numpy(v).copy() for v in (weights, *optimizer.variables)]
    nan = ops.convert_to_tensor(np.full(3, np.nan, "float32"))
    backend.apply_gradients(optimizer, [nan], [weights], ops.convert_to_tensor(False))
    for old, variable in zip(before, (weights, *optimizer.variables), strict=True):
        np.testing.assert_array_equal(old, numpy(variable))


def test_move_averages(weights):
    average = keras.Variable(np.array([0.0, 0.0, 4.0], "float32"))
    backend.move_averages([average], [weights], ops.convert_to_tensor(0.75))
    np.testing.assert_allclose(numpy(average), [0.25, 0.5, 3.75])


@pytest.mark.parametrize("shape", [(6, 2), (3, 4, 5, 2)])
def test_normalize_batch(shape):
    x = np.random.default_rng(0).normal(3.0, 2.0, shape).astype("float32")
    gamma, beta = np.array([1.0, 2.0], "float32"), np.array([0.0, -1.0], "float32")
    outputs, mean, variance = backend.normalize_batch(
        *map(ops.convert_to_tensor, (x, gamma, beta)), 1e-3
    )
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(numpy(mean), x.mean(axes), rtol=1e-5)
    np.testing.assert_allclose(numpy(variance), x.var(axes), rtol=1e-5)
    expected = (x - x.mean(axes)) / np.sqrt(x.var(axes) + 1e-3) * gamma + beta
    np.testing.assert_allclose(numpy(outputs), expected, atol=1e-5)
