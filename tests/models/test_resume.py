"""A run that was stopped and taken up again equals one that never was.

Networks with dropout and batch normalisation, a moving average, a penalty that is lazy
and random, and shuffled data: everything that has a state.
"""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import datasets, penalties

pytestmark = pytest.mark.usefixtures("eager")


def new_gan(seed=0):
    """As in a new process: Keras counts its layers' names from one again."""
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(6, activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(8),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3, seed=5),
            layers.Dense(1),
        ]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=seed)
    gan.compile(
        discriminator_penalties=[penalties.GradientPenalty(0.1, interval=2)],
        ema=keras_gan.EMA(100),
    )
    return gan


def data():
    points = np.random.default_rng(0).uniform(-1, 1, (48, 6)).astype("float32")
    return datasets.Batches(points, batch_size=16, shuffle=True)


def state_of(gan):
    return [ops.convert_to_numpy(v) for v in (*gan.variables, *gan.optimizer.variables)]


def assert_same_state(a, b):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    assert len(a) == len(b) > 30
    for one, other in zip(a, b, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Threads that add in another order would differ in the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.fixture(scope="module")
def undisturbed():
    gan = new_gan()
    gan.fit(data(), epochs=2, verbose=0)
    return state_of(gan)


def test_training_moves_everything(undisturbed):
    gan = new_gan()
    moved = [
        not np.array_equal(a, b)
        for a, b in zip(state_of(gan), undisturbed, strict=True)
    ]
    # only the two learning rates stand still, and the guard, which saw nothing bad
    assert moved.count(False) == 2 + 3


def test_keras_file(undisturbed, tmp_path):
    gan = new_gan()
    gan.fit(data(), epochs=1, verbose=0)
    gan.save(tmp_path / "gan.keras")
    keras.backend.clear_session(free_memory=False)
    gan = keras.saving.load_model(tmp_path / "gan.keras")
    gan.fit(data(), epochs=2, initial_epoch=1, verbose=0)
    assert_same_state(state_of(gan), undisturbed)


def test_weights_file(undisturbed, tmp_path):
    gan = new_gan()
    gan.fit(data(), epochs=1, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    gan = new_gan(seed=99)
    gan.load_weights(tmp_path / "gan.weights.h5")
    gan.fit(data(), epochs=2, initial_epoch=1, verbose=0)
    assert_same_state(state_of(gan), undisturbed)


@pytest.mark.backends("torch", reason="a file, as above, by a callback of Keras")
def test_model_checkpoint(undisturbed, tmp_path):
    gan = new_gan()
    path = str(tmp_path / "epoch_{epoch}.keras")
    gan.fit(
        data(),
        epochs=2,
        verbose=0,
        callbacks=[keras.callbacks.ModelCheckpoint(path)],
    )
    keras.backend.clear_session(free_memory=False)
    gan = keras.saving.load_model(tmp_path / "epoch_1.keras")
    gan.fit(data(), epochs=2, initial_epoch=1, verbose=0)
    assert_same_state(state_of(gan), undisturbed)


class Interrupt(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            raise KeyboardInterrupt


@pytest.mark.backends("torch", reason="weights, as above, by a callback of Keras")
def test_backup_and_restore(undisturbed, tmp_path):
    folder = str(tmp_path / "backup")
    gan = new_gan()
    with pytest.raises(KeyboardInterrupt):
        gan.fit(
            data(),
            epochs=2,
            verbose=0,
            callbacks=[keras.callbacks.BackupAndRestore(folder), Interrupt()],
        )
    gan = new_gan(seed=99)
    history = gan.fit(
        data(),
        epochs=2,
        verbose=0,
        callbacks=[keras.callbacks.BackupAndRestore(folder)],
    )
    assert history.epoch == [0, 1]
    assert_same_state(state_of(gan), undisturbed)


@pytest.mark.backends("torch", reason="settings: no backend code")
def test_settings_survive_the_file(tmp_path):
    gan = new_gan()
    gan.compile(
        "sgd",
        keras.optimizers.Adam(1e-3),
        loss=keras_gan.losses.NonSaturating(label_smoothing=0.1),
        discriminator_penalties=[penalties.R1(0.5, interval=4)],
        discriminator_steps=3,
        share_fakes=True,
        ema=keras_gan.EMA(123),
        run_eagerly=True,
    )
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.loss.label_smoothing == 0.1
    assert again.discriminator_penalties[0].get_config() == {
        "weight": 0.5,
        "interval": 4,
    }
    assert again.discriminator_steps == 3
    assert again.share_fakes is True
    assert again.ema.half_life == 123
    assert again.run_eagerly is True
    assert again.get_compile_config()["jit_compile"] == "auto"
    assert isinstance(again.optimizer.players["discriminator"], keras.optimizers.SGD)
    assert isinstance(again.optimizer.players["generator"], keras.optimizers.Adam)


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_a_file_of_another_game_is_refused(tmp_path):
    gan = new_gan()
    gan.save_weights(tmp_path / "gan.weights.h5")
    other = keras_gan.GAN(
        new_gan().generator,
        keras.Sequential(
            [keras.Input((6,)), layers.Dense(8), layers.LeakyReLU(0.2), layers.Dense(1)]
        ),
    )
    other.compile(ema=keras_gan.EMA(100))
    with pytest.raises(ValueError, match=r"random generators.*Build and compile"):
        other.load_weights(tmp_path / "gan.weights.h5")
