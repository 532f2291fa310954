"""The GAN as a whole: Algorithm 1, sampling, saving."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import architectures, penalties


def small_pair(num_classes=None):
    return architectures.mlp((6,), 4, num_classes, (8,), (8,))


def small_gan(num_classes=None, **kwargs):
    return keras_gan.GAN(*small_pair(num_classes), num_classes=num_classes, **kwargs)


def points(num=64):
    return np.random.default_rng(0).normal(size=(num, 6)).astype("float32")


def weights_of(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


class Recorder(keras_gan.GAN):
    """Records the data of every update that a player takes."""

    def compile(self, **kwargs):
        self.updates = []
        super().compile(run_eagerly=True, jit_compile=False, **kwargs)

    def minimize(self, player, loss_fn, real, fakes, condition=None):
        arrays = [ops.convert_to_numpy(data) for data in (real, fakes.outputs)]
        self.updates.append((player, *arrays))
        logs = super().minimize(player, loss_fn, real, fakes, condition)
        self.logged = [*getattr(self, "logged", []), logs]
        return logs


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_backends_agree.py has k = 2 on JAX"
)
@pytest.mark.parametrize("k", [1, 2, 5])
def test_k_discriminator_steps_on_disjoint_minibatches(k):
    gan = Recorder(*small_pair())
    gan.compile(discriminator_steps=k)
    data = points(40)
    gan.fit(data, batch_size=20, shuffle=False, verbose=0)
    players = [player for player, *_ in gan.updates]
    assert players == (["discriminator"] * k + ["generator"]) * 2
    by_d = [update for update in gan.updates if update[0] == "discriminator"]
    seen = np.concatenate([real for _, real, _ in by_d])
    np.testing.assert_array_equal(seen, data)
    assert {len(real) for _, real, _ in gan.updates} == {20 // k}
    players = gan.optimizer.players
    assert int(ops.convert_to_numpy(players["discriminator"].iterations)) == 2 * k
    assert int(ops.convert_to_numpy(players["generator"].iterations)) == 2


def test_every_step_has_fresh_noise():
    gan = Recorder(*small_pair())
    gan.compile(discriminator_steps=2)
    gan.fit(points(20), batch_size=20, verbose=0)
    fakes = [fakes for *_, fakes in gan.updates]
    assert len(fakes) == 3
    assert not np.allclose(fakes[0], fakes[1])
    assert not np.allclose(fakes[1], fakes[2])


def test_shared_fakes_are_those_of_the_last_discriminator_step():
    gan = Recorder(*small_pair())
    gan.compile(discriminator_steps=2, share_fakes=True)
    gan.fit(points(20), batch_size=20, verbose=0)
    fakes = [fakes for *_, fakes in gan.updates]
    assert not np.allclose(fakes[0], fakes[1])
    np.testing.assert_array_equal(fakes[1], fakes[2])


@pytest.mark.backends(
    "tensorflow", "torch", reason="which part of a batch: no backend code"
)
@pytest.mark.parametrize("k", [1, 2])
def test_fresh_reals_are_a_minibatch_that_d_has_not_seen(k):
    gan = Recorder(*small_pair())
    gan.compile(
        discriminator_steps=k,
        fresh_reals_for_generator=True,
        loss="relativistic_pairing",
        ema=keras_gan.EMA(30),
    )
    assert gan.parts_per_batch == k + 1
    before = weights_of(gan.ema_generator)
    data = points(30 * (k + 1))
    gan.fit(data, batch_size=30 * (k + 1), shuffle=False, verbose=0)
    assert [player for player, *_ in gan.updates] == ["discriminator"] * k + [
        "generator"
    ]
    seen = np.concatenate([real for _, real, _ in gan.updates])
    np.testing.assert_array_equal(seen, data)
    # The images of the half-life are those that D learns from, k times 30.
    for old, trained, mean in zip(
        before, weights_of(gan.generator), weights_of(gan.ema_generator), strict=True
    ):
        expected = trained + 0.5**k * (old - trained)
        np.testing.assert_allclose(mean, expected, atol=1e-6)


@pytest.mark.backends(
    "tensorflow", "torch", reason="which part of a batch: no backend code"
)
def test_a_smaller_last_batch_gives_every_step_something():
    gan = Recorder(*small_pair())
    gan.compile(discriminator_steps=5)
    history = gan.fit(points(23), batch_size=20, verbose=0).history
    sizes = [len(real) for player, real, _ in gan.updates if player[0] == "d"]
    assert min(sizes) >= 1
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)


def test_each_player_moves_only_itself():
    gan = small_gan()
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(1.0))
    before = weights_of(gan.generator), weights_of(gan.discriminator)
    gan.fit(points(), verbose=0)
    after = weights_of(gan.generator), weights_of(gan.discriminator)
    for old, new in zip(before[1], after[1], strict=True):
        np.testing.assert_array_equal(old, new)
    assert any((o != n).any() for o, n in zip(before[0], after[0], strict=True))


def test_history_holds_the_means_of_the_epoch():
    gan = Recorder(*small_pair())
    gan.compile(discriminator_penalties=[penalties.R1(0.1)], discriminator_steps=2)
    history = gan.fit(points(40), batch_size=20, verbose=0).history
    values = [
        {name: float(ops.convert_to_numpy(value)) for name, value in logs.items()}
        for logs in gan.logged
        if "d_loss" in logs
    ]
    assert len(values) == 4
    assert set(history) == {"d_loss", "g_loss", "real_score", "fake_score", "penalty"}
    for name in ("d_loss", "real_score", "fake_score", "penalty"):
        mean = np.mean([value[name] for value in values])
        assert history[name] == [pytest.approx(mean, rel=1e-5)]


def test_every_loss_with_every_penalty_stays_finite():
    losses = [
        "minimax",
        "least_squares",
        "wasserstein",
        "hinge",
        "relativistic_pairing",
    ]
    costs = [
        penalties.GradientPenalty(interval=2),
        penalties.R1(interval=3),
        penalties.R2(),
        penalties.DRAGAN(),
        penalties.WeightClipping(),
    ]
    for loss, cost in zip(losses, costs, strict=True):
        gan = small_gan()
        gan.compile(loss=loss, discriminator_penalties=[cost], ema=keras_gan.EMA(10))
        history = gan.fit(points(), epochs=2, verbose=0).history
        assert np.abs(list(history.values())).max() < 30, loss


def test_average_follows_with_the_half_life_and_copies_statistics():
    generator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6), layers.BatchNormalization()]
    )
    gan = keras_gan.GAN(generator, small_pair()[1])
    gan.compile(ema=keras_gan.EMA(half_life=64))
    gan.fit(points(), batch_size=64, verbose=0)
    start = [np.zeros_like(w) for w in weights_of(generator)]
    for mean, zero in zip(gan.ema_generator.weights, start, strict=True):
        mean.assign(zero)
    gan.fit(points(), batch_size=64, verbose=0)  # one half-life
    trained = {id(w) for w in generator.trainable_weights}
    assert len(trained) == 4
    for mean, weight in zip(gan.ema_generator.weights, generator.weights, strict=True):
        share = 0.5 if id(weight) in trained else 1.0
        np.testing.assert_allclose(
            ops.convert_to_numpy(mean), share * ops.convert_to_numpy(weight), rtol=1e-5
        )


def test_generate_uses_the_average():
    gan = small_gan()
    gan.compile(ema=keras_gan.EMA(1e9))
    before = gan.generate(4, seed=0)
    gan.fit(points(), epochs=3, verbose=0)
    np.testing.assert_allclose(gan.generate(4, seed=0), before, atol=1e-5)
    gan.ema_generator = None
    assert np.abs(gan.generate(4, seed=0) - before).max() > 1e-4


def test_average_of_a_subclassed_generator():
    @keras.saving.register_keras_serializable(package="tests")
    class Generator(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.hidden = layers.Dense(8, activation="relu")
            self.out = layers.Dense(6)

        def call(self, latents):
            return self.out(self.hidden(latents))

    gan = keras_gan.GAN(Generator(), small_pair()[1], keras_gan.latents.Normal(4))
    gan.compile(ema=keras_gan.EMA(100))
    history = gan.fit(points(), verbose=0).history
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)
    assert gan.generate(3).shape == (3, 6)


def test_same_seed_same_images():
    gan = small_gan()
    np.testing.assert_array_equal(gan.generate(5, seed=1), gan.generate(5, seed=1))
    assert not np.allclose(gan.generate(5, seed=1), gan.generate(5, seed=2))
    assert not np.allclose(gan.generate(5), gan.generate(5))
    in_parts = gan.generate(5, seed=1, batch_size=2)
    np.testing.assert_allclose(in_parts, gan.generate(5, seed=1), atol=1e-6)


def test_generating_does_not_disturb_training():
    def train(callbacks):
        keras.utils.set_random_seed(7)
        gan = small_gan(seed=0)
        gan.compile()
        gan.fit(points(), epochs=2, verbose=0, shuffle=False, callbacks=callbacks)
        return weights_of(gan), gan

    quiet, _ = train([])
    sampling = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: gans[-1].generate(3)
    )
    gans = []
    original = keras_gan.GAN.fit

    class Known(keras_gan.GAN):
        def fit(self, *args, **kwargs):
            gans.append(self)
            return original(self, *args, **kwargs)

    keras.utils.set_random_seed(7)
    gan = Known(*small_pair(), seed=0)
    gan.compile()
    gan.fit(points(), epochs=2, verbose=0, shuffle=False, callbacks=[sampling])
    for a, b in zip(quiet, weights_of(gan), strict=True):
        np.testing.assert_array_equal(a, b)


def test_truncation_narrows():
    gan = small_gan()
    wide = gan.generate(200, seed=0)
    narrow = gan.generate(200, seed=0, truncation=0.2)
    assert narrow.std(axis=0).mean() < 0.5 * wide.std(axis=0).mean()


def test_conditional_classes_take_turns():
    gan = small_gan(num_classes=3)
    gan.compile()
    gan.fit(points(), np.arange(64) % 3, verbose=0)
    latents = ops.convert_to_numpy(gan.prior.sample(6, seed=0))
    by_turn = gan.synthesize(latents, [0, 1, 2, 0, 1, 2])
    np.testing.assert_allclose(gan.generate(6, seed=0), by_turn, atol=1e-6)
    np.testing.assert_allclose(
        gan.generate(6, seed=0, labels=2), gan.synthesize(latents, [2] * 6), atol=1e-6
    )
    assert np.abs(by_turn[0] - gan.synthesize(latents[:1], 1)).max() > 1e-4


def test_predict_is_the_generator():
    gan = small_gan()
    gan.compile()
    latents = ops.convert_to_numpy(gan.prior.sample(5, seed=0))
    np.testing.assert_allclose(
        gan.predict(latents, verbose=0), gan.synthesize(latents), atol=1e-6
    )


def test_learning_rate_schedulers_reach_every_player():
    gan = small_gan()
    gan.compile("adam", "adam")
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.5)
    gan.fit(points(), verbose=0, callbacks=[schedule])
    for player in gan.optimizer.players.values():
        assert float(ops.convert_to_numpy(player.learning_rate)) == 0.5


def test_mixed_precision_keeps_losses_in_float32():
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        gan = small_gan()
        gan.compile(discriminator_penalties=[penalties.R1()])
        history = gan.fit(points(), verbose=0).history
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)
    assert 0 < history["penalty"][0] < 10
    assert gan.generate(2).dtype == "float32"
    assert gan.discriminate(points(2)).dtype in ("float32", ops.zeros(1).dtype)
