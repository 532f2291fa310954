"""Penalties on discriminators whose gradient is known.

The linear D(x) = w . x has the gradient w everywhere; for the quadratic
D(x) = |x|^2 / 2 the gradient is x itself and shows where it was taken.
"""

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops

from keras_gan import backend, penalties

W = np.array([[3.0], [4.0]], "float32")  # of norm 5
REAL = np.array([[1.0, 2.0], [2.0, 0.0]], "float32")  # squared norms 5 and 4
FAKE = np.array([[0.0, 1.0], [3.0, 0.0]], "float32")  # squared norms 1 and 9


def linear(x):
    return ops.matmul(x, ops.convert_to_tensor(W))


def quadratic(x):
    return 0.5 * ops.sum(ops.square(x), axis=-1, keepdims=True)


def value(penalty, discriminator, step=0):
    seed = keras.random.SeedGenerator(0)
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)
    return float(ops.convert_to_numpy(penalty(discriminator, real, fake, step, seed)))


@pytest.mark.parametrize(
    ("penalty", "expected"),
    [
        (penalties.R1(2.0), 25.0),  # 2/2 * 5^2
        (penalties.R2(2.0), 25.0),
        (penalties.GradientPenalty(10.0), 160.0),  # 10 * (5 - 1)^2
        (penalties.DRAGAN(10.0), 160.0),
        (penalties.WeightClipping(0.1), 0.0),
    ],
)
def test_value_of_a_linear_discriminator(penalty, expected):
    assert value(penalty, linear) == pytest.approx(expected, rel=1e-5)


def test_r1_is_taken_at_real_and_r2_at_fake_data():
    assert value(penalties.R1(1.0), quadratic) == pytest.approx((5 + 4) / 2 / 2)
    assert value(penalties.R2(1.0), quadratic) == pytest.approx((1 + 9) / 2 / 2)


def test_gradient_penalty_interpolates_each_example_by_its_own_share():
    real, fake = ops.zeros((1000, 3)), ops.ones((1000, 3))
    seed = keras.random.SeedGenerator(0)
    points = penalties.GradientPenalty().points(real, fake, seed)
    points = ops.convert_to_numpy(points)
    assert (points == points[:, :1]).all(), "one share for all values of an example"
    shares = points[:, 0]
    assert len(np.unique(shares)) > 990, "not one share for the whole batch"
    assert 0 <= shares.min() < 0.02 < 0.98 < shares.max() <= 1, "uniform in [0, 1]"
    assert shares.mean() == pytest.approx(0.5, abs=0.03)


def test_dragan_steps_away_from_real_data_only():
    real = ops.array([[0.0] * 500, [2.0] * 500])  # std 1
    seed = keras.random.SeedGenerator(0)
    points = penalties.DRAGAN(spread=0.5).points(real, real * 100, seed)
    steps = ops.convert_to_numpy(points - real)
    assert 0 <= steps.min() < steps.max() <= 0.5
    assert not np.allclose(steps[0].max(), steps[1].max()), "a share for each example"


def test_gradient_of_a_penalty_reaches_the_weights():
    # R1 of a linear D is weight/2 * |w|^2, so its gradient is weight * w.
    weights = keras.Variable(W)
    real = ops.convert_to_tensor(REAL)

    def loss():
        penalty = penalties.R1(2.0)(lambda x: ops.matmul(x, weights), real, real, 0)
        return penalty, penalty

    (_, penalty), (gradient,) = backend.gradients(loss, [weights])
    assert float(penalty) == pytest.approx(25.0)
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), 2 * W, rtol=1e-5)


def test_gradient_of_a_penalty_passes_through_attention():
    inputs = keras.Input((5, 4))
    attended = keras.layers.MultiHeadAttention(2, 3)(inputs, inputs)
    discriminator = keras.Model(inputs, keras.layers.Dense(1)(attended[:, 0]))
    real = keras.random.normal((2, 5, 4), seed=0)

    def loss():
        penalty = penalties.R1(1.0)(discriminator, real, real, 0)
        return penalty, penalty

    weights = discriminator.trainable_variables
    (_, penalty), gradients = as_one(lambda: backend.gradients(loss, weights))()
    assert float(penalty) > 0
    (query,) = (
        gradient
        for gradient, weight in zip(gradients, weights, strict=True)
        if weight.path.endswith("query/kernel")
    )
    assert np.abs(ops.convert_to_numpy(query)).max() > 0


def test_zero_gradient_gives_no_nan():
    weights = keras.Variable(np.zeros_like(W))
    real = ops.convert_to_tensor(REAL)

    def loss():
        penalty = penalties.GradientPenalty(1.0)(
            lambda x: ops.matmul(x, weights), real, real, 0
        )
        return penalty, penalty

    (_, penalty), (gradient,) = backend.gradients(loss, [weights])
    assert float(penalty) == pytest.approx(1.0, abs=1e-4)
    # d(|g| - 1)^2 / dw = 2 (|g| - 1) g / |g| dg/dw, and g = 0 under the guarded root
    np.testing.assert_array_equal(ops.convert_to_numpy(gradient), 0.0)


def test_lazy_penalty_has_the_same_mean():
    penalty = penalties.R1(2.0, interval=4)
    values = [value(penalty, linear, ops.convert_to_tensor(s)) for s in range(8)]
    np.testing.assert_allclose(values, [100, 0, 0, 0, 100, 0, 0, 0], rtol=1e-5)


def test_lazy_penalty_reaches_the_weights_only_when_due():
    weights = keras.Variable(W)
    real = ops.convert_to_tensor(REAL)
    penalty = penalties.R1(2.0, interval=4)

    def gradient_at(step):
        def loss():
            cost = penalty(lambda x: ops.matmul(x, weights), real, real, step)
            # the second term gives torch a path to the weights in every step
            return cost + 0.0 * ops.sum(weights), cost

        _, (gradient,) = backend.gradients(loss, [weights])
        return ops.convert_to_numpy(gradient)

    np.testing.assert_allclose(gradient_at(ops.convert_to_tensor(4)), 8 * W, rtol=1e-5)
    np.testing.assert_allclose(gradient_at(ops.convert_to_tensor(5)), 0 * W)


def test_a_penalty_leaves_no_trace_in_the_discriminator():
    norm = keras.layers.BatchNormalization()
    norm.build((None, 2))
    before = [ops.convert_to_numpy(w) for w in norm.weights]
    value(penalties.R1(), lambda x: ops.sum(norm(x, training=True), -1))
    for old, weight in zip(before, norm.weights, strict=True):
        np.testing.assert_array_equal(old, ops.convert_to_numpy(weight))


def test_weight_clipping():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.layers[0].kernel.assign(W)
    clipping = penalties.WeightClipping(limit=0.5, interval=2)
    clipping.constrain(model, ops.convert_to_tensor(1))
    np.testing.assert_array_equal(ops.convert_to_numpy(model.layers[0].kernel), W)
    clipping.constrain(model, ops.convert_to_tensor(2))
    kernel = ops.convert_to_numpy(model.layers[0].kernel)
    np.testing.assert_array_equal(kernel, [[0.5], [0.5]])


@pytest.mark.parametrize(
    "penalty",
    [
        penalties.GradientPenalty(3.0, interval=2),
        penalties.R1(3.0, interval=2),
        penalties.R2(3.0, interval=2),
        penalties.DRAGAN(3.0, spread=0.1, interval=2),
        penalties.WeightClipping(0.3, interval=2),
    ],
)
def test_config_round_trip(penalty):
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(penalty)
    )
    assert type(again) is type(penalty)
    assert again.get_config() == penalty.get_config()
    assert again.interval == 2


def test_bad_arguments():
    with pytest.raises(ValueError, match="must not be negative. Received: -1"):
        penalties.R1(-1)
    with pytest.raises(ValueError, match="at least 1. Received: 0"):
        penalties.R1(1.0, interval=0)
    with pytest.raises(ValueError, match="must be positive. Received: 0"):
        penalties.WeightClipping(0)
