"""Half precision with two optimizers: every player's loss has its own scale."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, penalties

pytestmark = pytest.mark.usefixtures("eager")

NOT_ON_JAX = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles one of three penalties"
)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")
POINTS = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")


@pytest.fixture(params=["mixed_bfloat16", "mixed_float16"])
def policy(request):
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def float16():
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy("float32")


def numbers(model):
    return [ops.convert_to_numpy(w).copy() for w in model.trainable_weights]


def points_gan(**settings):
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.mlp((6,), 4, None, (8,), (8,)), seed=1)
    gan.compile(**settings)
    return gan


def scale(gan, player):
    return float(ops.convert_to_numpy(gan.optimizer.players[player].dynamic_scale))


@pytest.mark.parametrize(
    "cost",
    [
        penalties.R1(1.0),
        pytest.param(penalties.R2(1.0), marks=NOT_ON_JAX),
        pytest.param(penalties.GradientPenalty(), marks=NOT_ON_JAX),
    ],
)
def test_convolutions_learn_in_half_precision(policy, cost):
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.dcgan((8, 8, 1), 4, width=4), seed=1)
    gan.compile(discriminator_penalties=[cost], ema=keras_gan.EMA(20))
    before = numbers(gan)
    history = gan.fit(IMAGES, batch_size=8, epochs=2, verbose=0).history
    assert history["d_loss"][-1] == pytest.approx(2 * np.log(2), abs=4.0)
    assert 0 < history["penalty"][-1] < 20
    assert all(
        (old != new).any() for old, new in zip(before, numbers(gan), strict=True)
    )
    scaled = [
        isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        for optimizer in gan.optimizer.players.values()
    ]
    assert scaled == [policy == "mixed_float16"] * 2


def test_the_steps_are_those_of_full_precision(float16):
    """The loss scale is taken out of the logs and the gradients."""
    half = points_gan(discriminator_penalties=[penalties.R1(0.5)])
    keras.config.set_dtype_policy("float32")
    full = points_gan(discriminator_penalties=[penalties.R1(0.5)])
    full.generator.set_weights(half.generator.get_weights())
    full.discriminator.set_weights(half.discriminator.get_weights())
    logs = [g.fit(POINTS, shuffle=False, verbose=0).history for g in (half, full)]
    for name, (value,) in logs[1].items():
        assert logs[0][name][0] == pytest.approx(value, rel=2e-2), name


def test_an_overflow_halves_the_scale_of_its_player_alone(float16):
    class Steep(keras_gan.losses.NonSaturating):
        def generator_loss(self, fake_logits, real_logits=None):
            return 1e4 * super().generator_loss(fake_logits, real_logits)

    gan = points_gan(loss=Steep())
    gan.run_eagerly = False
    start = scale(gan, "generator"), scale(gan, "discriminator")
    before = numbers(gan.generator)
    gan.fit(POINTS, batch_size=32, verbose=0)
    assert scale(gan, "generator") == start[0] / 2
    assert scale(gan, "discriminator") == start[1]
    for old, new in zip(before, numbers(gan.generator), strict=True):
        np.testing.assert_array_equal(old, new)
    gan.fit(POINTS, batch_size=4, epochs=4, verbose=0)  # until the scale fits
    assert any(
        (o != n).any() for o, n in zip(before, numbers(gan.generator), strict=True)
    )


def test_the_scales_are_saved(float16, tmp_path):
    gan = points_gan()
    for player in gan.optimizer.players.values():
        player.dynamic_scale.assign(64.0)
    gan.fit(POINTS, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert scale(again, "generator") == scale(again, "discriminator") == 64.0


def test_a_nan_is_still_found(float16):
    class Broken(keras_gan.losses.NonSaturating):
        def generator_loss(self, fake_logits, real_logits=None):
            return super().generator_loss(fake_logits) * float("nan")

    gan = points_gan(loss=Broken())
    with pytest.raises(FloatingPointError, match="generator's loss"):
        gan.fit(POINTS, verbose=0)
