"""Penalties' weights and the average's half-life that change in training."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, backend, penalties
from keras_gan.optimizers.schedules import CosineBurnIn

DATA = np.random.default_rng(0).normal(size=(16, 6)).astype("float32")

# At the steps 0, 1, 2, ...: 8, 5, 2, 2, ... for (1 + cos(pi / 2)) / 2 = 1 / 2.
FALLING = CosineBurnIn(8.0, 2.0, num_images=2)

PENALTIES = {
    "GradientPenalty": lambda weight: penalties.GradientPenalty(weight),
    "R1": lambda weight: penalties.R1(weight, interval=2),
    "R2": lambda weight: penalties.R2(weight),
    "DRAGAN": lambda weight: penalties.DRAGAN(weight, spread=0.1),
}


def small_gan(**settings):
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.mlp((6,), 4, None, (8,), (8,)), seed=1)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **settings)
    return gan


def arrays(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


def fit(gan, epochs=1):
    """One step an epoch."""
    return gan.fit(DATA, batch_size=16, epochs=epochs, shuffle=False, verbose=0)


@pytest.mark.parametrize("name", PENALTIES)
def test_the_weight_of_each_step(name):
    def cost_at(weight, step):
        x = ops.convert_to_tensor([[3.0, 4.0]])
        seed = keras.random.SeedGenerator(0)
        penalty = PENALTIES[name](weight)
        step = ops.convert_to_tensor(step)
        cost = penalty(lambda x: 3.0 * ops.sum(x, -1), x, x, step, seed)
        return float(ops.convert_to_numpy(cost))

    assert cost_at(1.0, 0) > 0
    for step, weight in ((0, 8.0), (2, 2.0), (4, 2.0)):
        assert cost_at(FALLING, step) == pytest.approx(weight * cost_at(1.0, step))
    if name != "R1":  # which looks at every second step only
        assert cost_at(FALLING, 1) == pytest.approx(5.0 * cost_at(1.0, 1))


def test_a_penalty_counts_the_steps_of_the_discriminator():
    """D and G stand still, so that all that changes is the weight."""
    gan = small_gan(discriminator_penalties=[penalties.R2(FALLING)])
    gan.optimizer.learning_rate = 0.0
    gan.prior.sample = lambda num, seed=None: ops.ones((num, 4))
    reported = fit(gan, epochs=4).history["penalty"]
    np.testing.assert_allclose(
        np.array(reported) / reported[0], [1, 5 / 8, 2 / 8, 2 / 8], rtol=1e-5
    )
    gan = small_gan(
        discriminator_penalties=[penalties.R2(FALLING)], discriminator_steps=2
    )
    gan.optimizer.learning_rate = 0.0
    gan.prior.sample = lambda num, seed=None: ops.ones((num, 4))
    reported = fit(gan, epochs=2).history["penalty"]
    assert reported[1] / reported[0] == pytest.approx(2 / 6.5, rel=1e-5)


@pytest.mark.parametrize(
    ("step", "num_images", "share"),
    # Half-lives 0, 16, 32: the generator itself, half of it, half after 32 images.
    [(0, 16, 0.0), (1, 16, 0.5), (2, 32, 0.5), (9, 64, 0.25), (0, 0, 1.0)],
)
def test_the_half_life_of_each_step(step, num_images, share):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    ema = keras_gan.EMA(CosineBurnIn(0.0, 32.0, num_images=2))
    average = ema.clone(model, keras.KerasTensor((None, 2)))
    for mean, weight in zip(average.weights, model.weights, strict=True):
        mean.assign(ops.full(mean.shape, 2.0))
        weight.assign(ops.full(weight.shape, 4.0))
    ema.update(average, model, num_images, ops.convert_to_tensor(step))
    for mean in arrays(average):
        np.testing.assert_allclose(mean, share * 2.0 + (1 - share) * 4.0, rtol=1e-5)


def test_the_average_counts_the_steps_of_the_generator():
    gan = small_gan(
        ema=keras_gan.EMA(CosineBurnIn(0.0, 32.0, num_images=2)), discriminator_steps=2
    )
    fit(gan)  # a half-life of 0: the average is the generator
    first = arrays(gan.generator)
    for mean, weight in zip(arrays(gan.ema_generator), first, strict=True):
        np.testing.assert_allclose(mean, weight, rtol=1e-6)
    fit(gan)  # a half-life of 16, the images of a step: half of both
    second = arrays(gan.generator)
    assert any((a != b).any() for a, b in zip(first, second, strict=True))
    for mean, old, new in zip(arrays(gan.ema_generator), first, second, strict=True):
        np.testing.assert_allclose(mean, (old + new) / 2, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", PENALTIES)
def test_config_round_trip(name):
    penalty = PENALTIES[name](FALLING)
    config = keras.saving.serialize_keras_object(penalty)
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(penalty)
    assert again.weight.get_config() == FALLING.get_config()
    assert again.get_config() == penalty.get_config()


def test_a_file_keeps_the_schedules_and_their_places(tmp_path):
    keras_own = keras.optimizers.schedules.PiecewiseConstantDecay([1], [0.5, 0.25])
    settings = {
        "discriminator_penalties": [penalties.R1(FALLING), penalties.R2(keras_own)],
        "ema": keras_gan.EMA(CosineBurnIn(0.0, 32.0, num_images=4)),
    }
    undisturbed, stopped = small_gan(**settings), small_gan(**settings)
    fit(undisturbed, epochs=4)
    fit(stopped, epochs=2)
    stopped.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.ema.half_life.get_config()["end"] == 32.0
    first, second = again.discriminator_penalties
    assert first.weight.get_config() == FALLING.get_config()
    assert second.weight.get_config() == keras_own.get_config()
    again.fit(DATA, batch_size=16, epochs=4, initial_epoch=2, shuffle=False, verbose=0)
    backend.sync_state(again)
    for a, b in zip(arrays(undisturbed), arrays(again), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_refused():
    with pytest.raises(ValueError, match="`weight` must.*negative. Received: -1"):
        penalties.R1(-1)
    with pytest.raises(ValueError, match="negative. Received: -3 at its first step"):
        penalties.R2(CosineBurnIn(-3.0, 1.0, 10))
    with pytest.raises(ValueError, match="`weight` must be a number, or a sch.*'10'"):
        penalties.GradientPenalty("10")
    with pytest.raises(ValueError, match="must be finite.*Received: nan"):
        penalties.DRAGAN(float("nan"))
    with pytest.raises(ValueError, match="`half_life` must be a number.*None"):
        keras_gan.EMA(None)
    with pytest.raises(ValueError, match="negative. Received: -5"):
        keras_gan.EMA(-5)
    with pytest.raises(ValueError, match="counts training images.*Received: 0"):
        keras_gan.EMA(0)
