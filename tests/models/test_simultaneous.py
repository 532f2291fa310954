"""Both players at once: one look at the game, the gradients of two."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, penalties

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")


def pair(cls, **kwargs):
    keras.utils.set_random_seed(0)
    gan = cls(*architectures.mlp((6,), 4, None, (8,), (8,)), seed=1)
    rates = keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)
    gan.compile(*rates, share_fakes=True, **kwargs)
    return gan


def weights_of(model):
    return [ops.convert_to_numpy(w).copy() for w in model.weights]


SETTINGS = {
    "plain": {},
    "r1_r2": {"discriminator_penalties": [penalties.R1(0.5), penalties.R2(0.5)]},
    "gradient_penalty": {
        "discriminator_penalties": [penalties.GradientPenalty(interval=2)]
    },
    "relativistic": {"loss": "relativistic_pairing"},
}


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_backends_agree.py has these penalties on JAX"
)
@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_the_first_step_of_d_is_that_of_alternating_players(setting):
    both, turns = (
        pair(cls, **setting)
        for cls in (keras_gan.models.SimultaneousGAN, keras_gan.GAN)
    )
    logs = [
        gan.fit(DATA, batch_size=32, shuffle=False, verbose=0).history
        for gan in (both, turns)
    ]
    assert logs[0]["d_loss"] == pytest.approx(logs[1]["d_loss"], rel=1e-4)
    for a, b in zip(
        weights_of(both.discriminator), weights_of(turns.discriminator), strict=True
    ):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_the_generator_looks_at_the_discriminator_before_its_step():
    both = pair(keras_gan.models.SimultaneousGAN)
    turns = pair(keras_gan.GAN)
    turns.optimizer.players["discriminator"].learning_rate = 0.0
    start = weights_of(both.generator)
    for gan in (both, turns):
        gan.fit(DATA, batch_size=32, shuffle=False, verbose=0)
    for old, a, b in zip(
        start, weights_of(both.generator), weights_of(turns.generator), strict=True
    ):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert (a != old).any()


def test_accumulated_gradients_are_those_of_the_whole():
    whole, parts = (
        pair(keras_gan.models.SimultaneousGAN, gradient_accumulation_steps=n)
        for n in (1, 4)
    )
    for gan in (whole, parts):
        gan.fit(DATA, batch_size=16, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(weights_of(whole), weights_of(parts), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_other_turns_are_refused():
    gan = keras_gan.models.SimultaneousGAN(*architectures.mlp((6,), 4))
    with pytest.raises(ValueError, match="move at once.*discriminator_steps=2"):
        gan.compile(discriminator_steps=2)


def test_it_is_saved_and_loaded(tmp_path):
    gan = pair(keras_gan.models.SimultaneousGAN)
    gan.fit(DATA, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is keras_gan.models.SimultaneousGAN
    np.testing.assert_array_equal(gan.generate(3, seed=0), again.generate(3, seed=0))
    again.fit(DATA, verbose=0)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_a_lazy_penalty_is_due_at_every_second_step(batch_norm):
    """Of D's gradient through a conditional, for both losses, normalised or not."""
    keras.utils.set_random_seed(0)
    networks = architectures.dcgan(
        (8, 8, 1), 4, width=4, discriminator_batch_norm=batch_norm
    )
    gan = keras_gan.models.SimultaneousGAN(*networks, seed=0)
    gan.compile(discriminator_penalties=[penalties.R1(1e6, interval=2)])
    gan.run_eagerly = False  # an eager conditional is none
    images = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
    found = []
    for _ in range(4):
        gan.reset_metrics()
        found.append(gan.train_on_batch(images, return_dict=True)["penalty"])
    assert [float(penalty) > 0 for penalty in found] == [True, False, True, False]
