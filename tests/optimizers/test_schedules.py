"""Schedules, and Adam with schedules, against values worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan.optimizers.schedules import (
    ConstantThenLinear,
    CosineBurnIn,
    value_at,
)


def at(schedule, step):
    return float(ops.convert_to_numpy(schedule(step)))


def test_cosine_by_hand():
    schedule = CosineBurnIn(10.0, 2.0, num_images=1200, batch_size=12)  # 100 steps
    assert at(schedule, 0) == 10
    assert at(schedule, 50) == pytest.approx(6)  # cos(pi / 2) = 0
    assert at(schedule, 100) == pytest.approx(2)
    assert at(schedule, 10_000) == pytest.approx(2)
    third = 2 + 8 * 0.75  # (1 + cos(pi / 3)) / 2 = 3 / 4
    assert at(CosineBurnIn(10.0, 2.0, 3), 1) == pytest.approx(third)


def test_cosine_upwards_in_a_graph():
    schedule = CosineBurnIn(0.0, 1.0, 4)
    assert at(schedule, ops.convert_to_tensor(2)) == pytest.approx(0.5)
    assert at(schedule, ops.convert_to_tensor(9)) == pytest.approx(1.0)


def test_constant_then_linear_by_hand():
    schedule = ConstantThenLinear(2.0, 1000, 500, batch_size=10)  # 100 and 50 steps
    steps = {0: 2.0, 99: 2.0, 100: 2.0, 110: 1.6, 125: 1.0, 150: 0.0, 10_000: 0.0}
    assert [at(schedule, step) for step in steps] == pytest.approx(list(steps.values()))
    assert at(ConstantThenLinear(1.0, 0, 4), ops.convert_to_tensor(1)) == 0.75
    with pytest.raises(ValueError, match="`linear_images` and.*must be positive"):
        ConstantThenLinear(1.0, 100, 0)


def test_config_round_trip():
    schedule = CosineBurnIn(0.9, 0.99, num_images=2_000, batch_size=64)
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(schedule)
    )
    assert type(again) is CosineBurnIn
    assert again.get_config() == schedule.get_config()


def test_bad_arguments():
    with pytest.raises(ValueError, match="must be positive.*num_images=0"):
        CosineBurnIn(1.0, 0.0, 0)


def test_value_at():
    assert value_at(0.5, 7) == 0.5
    assert float(value_at(CosineBurnIn(1.0, 0.0, 2), 1)) == pytest.approx(0.5)


def trajectory(optimizer, gradients):
    """Return the values of a single weight, which starts at 1."""
    weight = keras.Variable([1.0])
    values = []
    for gradient in gradients:
        optimizer.apply([ops.array([gradient])], [weight])
        values.append(float(ops.convert_to_numpy(weight)[0]))
    return values


def test_a_constant_beta_2_gives_keras_adam():
    gradients = [1.0, -3.0, 0.5, 2.0]
    ours = trajectory(keras_gan.optimizers.ScheduledAdam(0.1, 0.0, 0.9), gradients)
    keras_own = trajectory(keras.optimizers.Adam(0.1, 0.0, 0.9), gradients)
    np.testing.assert_allclose(ours, keras_own, rtol=1e-6)


def test_beta_2_by_hand():
    # beta_2 is 0.5, then 0.75, then 1 - 0.25 = 0.75 forever (burn-in of 1 step).
    optimizer = keras_gan.optimizers.ScheduledAdam(
        1.0, beta_1=0.0, beta_2=CosineBurnIn(0.5, 0.75, 1), epsilon=0.0
    )
    values = trajectory(optimizer, [1.0, 2.0, 4.0])
    v, value, expected = 0.0, 1.0, []
    for step, (gradient, beta_2) in enumerate([(1, 0.5), (2, 0.75), (4, 0.75)], 1):
        v = beta_2 * v + (1 - beta_2) * gradient**2
        value -= gradient / np.sqrt(v / (1 - beta_2**step))
        expected.append(value)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_scheduled_adam_round_trip():
    rate, beta_2 = CosineBurnIn(2e-4, 5e-5, 10), CosineBurnIn(0.9, 0.99, 10)
    optimizer = keras_gan.optimizers.ScheduledAdam(rate, beta_1=0.0, beta_2=beta_2)
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(optimizer)
    )
    assert type(again) is keras_gan.optimizers.ScheduledAdam
    assert float(ops.convert_to_numpy(again.beta_2)) == pytest.approx(0.9)
    again.build([keras.Variable([1.0])])
    again.iterations.assign(10)
    assert float(ops.convert_to_numpy(again.beta_2)) == pytest.approx(0.99)
    assert float(ops.convert_to_numpy(again.learning_rate)) == pytest.approx(5e-5)
    assert again.beta_1 == 0.0


def test_a_saved_gan_resumes_its_schedules(tmp_path):
    """A schedule reads the optimizer's step count, which is saved."""

    def adam():
        beta_2 = CosineBurnIn(0.5, 0.99, 4)
        return keras_gan.optimizers.ScheduledAdam(
            CosineBurnIn(0.1, 0.0, 4), 0.0, beta_2
        )

    pair = keras_gan.architectures.mlp((2,), 4, None, (4,), (4,))
    gan = keras_gan.GAN(*pair, seed=0)
    gan.compile(adam(), adam())
    x = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")
    gan.fit(x, batch_size=4, verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for model in (gan, again):
        model.fit(x, batch_size=4, verbose=0, shuffle=False)
        optimizer = model.optimizer.players["generator"]
        assert float(ops.convert_to_numpy(optimizer.beta_2)) == pytest.approx(0.99)
    np.testing.assert_allclose(again.generate(3, seed=0), gan.generate(3, seed=0))
