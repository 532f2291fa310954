"""4 x 16 is a batch of 64: accumulated gradients are those of the whole."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, penalties

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(128, 6)).astype("float32")

SETTINGS = {
    "plain": {},
    "shared": {"share_fakes": True},
    "k2": {"discriminator_steps": 2},
    "r1_r2": {"discriminator_penalties": [penalties.R1(0.5), penalties.R2(0.5)]},
    "lazy_r1": {"discriminator_penalties": [penalties.R1(0.5, interval=2)]},
    "relativistic": {"loss": "relativistic_pairing"},
}
NOT_ON_JAX = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles three of the six games"
)
ON_JAX = ("plain", "k2", "lazy_r1")
CASES = [
    name if name in ON_JAX else pytest.param(name, marks=NOT_ON_JAX)
    for name in SETTINGS
]


def trained(num_parts, settings, cls=keras_gan.GAN):
    keras.utils.set_random_seed(0)
    gan = cls(*architectures.mlp((6,), 4, None, (8,), (8,)), seed=1)
    gan.compile(
        keras.optimizers.Adam(1e-2, epsilon=1e-3),
        keras.optimizers.Adam(1e-2, epsilon=1e-3),
        ema=keras_gan.EMA(100),
        gradient_accumulation_steps=num_parts,
        **settings,
    )
    history = gan.fit(DATA, batch_size=64, shuffle=False, verbose=0)  # two steps
    return [ops.convert_to_numpy(w) for w in gan.weights], history.history


@pytest.mark.parametrize("name", CASES)
def test_parts_equal_the_whole(name):
    (whole, one), (parts, other) = (trained(n, SETTINGS[name]) for n in (1, 4))
    assert len(whole) >= 12
    for a, b in zip(whole, parts, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    for log, values in one.items():
        assert other[log] == pytest.approx(values, rel=1e-3, abs=1e-5), log


def test_embeddings_of_labels():
    """Whose gradients TensorFlow gives as slices."""

    def weights(num_parts):
        keras.utils.set_random_seed(0)
        pair = architectures.mlp((6,), 4, 3, (8,), (8,))
        gan = keras_gan.GAN(*pair, num_classes=3, seed=1)
        gan.compile("sgd", "sgd", gradient_accumulation_steps=num_parts)
        labels = np.arange(128) % 3
        gan.fit(DATA, labels, batch_size=64, shuffle=False, verbose=0)
        return [ops.convert_to_numpy(w) for w in gan.weights]

    for a, b in zip(weights(1), weights(4), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_step_of_each_player_for_all_parts():
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.mlp((6,), 4, None, (8,), (8,)))
    gan.compile(gradient_accumulation_steps=4)
    gan.run_eagerly = False
    gan.fit(DATA, batch_size=64, verbose=0)
    for optimizer in gan.optimizer.players.values():
        assert int(ops.convert_to_numpy(optimizer.iterations)) == 2


def test_a_batch_that_does_not_split():
    gan = keras_gan.GAN(*architectures.mlp((6,), 4))
    gan.compile(discriminator_steps=2, gradient_accumulation_steps=3)
    with pytest.raises(
        ValueError, match="batch of 64 does not split into 6 .*60 or 66"
    ):
        gan.fit(DATA, batch_size=64)


@pytest.mark.parametrize("num_parts", [0, 2.5, True])
def test_numbers_of_parts_that_cannot_be(num_parts):
    gan = keras_gan.GAN(*architectures.mlp((6,), 4))
    with pytest.raises(ValueError, match="gradient_accumulation_steps.*at least 1"):
        gan.compile(gradient_accumulation_steps=num_parts)
