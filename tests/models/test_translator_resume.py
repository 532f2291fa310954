"""A translator that was stopped and taken up again equals one that never was.

Its pools, dropout, statistics and draws are in every kind of file.
"""

import keras
import numpy as np
import pytest
from keras import ops
from translators import small

from keras_gan import backend, datasets, models

pytestmark = pytest.mark.usefixtures("eager")


class Pairs(datasets.SeededDataset):
    def batch(self, step):
        images = self.rng(0, step).uniform(-1, 1, (2, 4, 4, 4, 1))
        return tuple(images.astype("float32"))


def data():
    return Pairs(steps_per_epoch=3)


def new(seed=0):
    keras.backend.clear_session(free_memory=False)
    gan = small(models.CycleGAN, seed=seed)
    gan.compile(pool_size=6, identity_weight=0.0)
    return gan


def state_of(gan):
    return {
        name: ops.convert_to_numpy(variable)
        for name, variable in gan.checkpoint_variables().items()
    }


def assert_same_state(gan, expected):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    found = state_of(gan)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(
            found[name], array, rtol=tolerance, atol=tolerance, err_msg=name
        )


class Files(keras.callbacks.Callback):
    """What is saved after an epoch, with full pools."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            backend.sync_state(self.model)
            self.model.save(self.folder / "gan.keras")
            self.model.save_weights(self.folder / "gan.weights.h5")


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Threads that add in another order would differ in the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The state at the end, and a folder of files from the middle."""
    folder = tmp_path_factory.mktemp("run")
    gan = new()
    start = state_of(gan)
    backup = keras.callbacks.BackupAndRestore(
        str(folder / "running"), save_freq=1, delete_checkpoint=False
    )
    gan.fit(data(), epochs=2, verbose=0, callbacks=[backup, Files(folder)])
    end = state_of(gan)
    still = [name for name in end if np.array_equal(start[name], end[name])]
    counts = ("num_skipped", "learning_rate", "_first", "metrics", "identity")
    assert not [name for name in still if not any(word in name for word in counts)]
    return end, folder


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_killed.py takes such a run up on JAX"
)
def test_keras_file(undisturbed):
    end, folder = undisturbed
    keras.backend.clear_session(free_memory=False)
    gan = keras.saving.load_model(folder / "gan.keras")
    gan.fit(data(), epochs=2, initial_epoch=1, verbose=0)
    assert_same_state(gan, end)


def test_weights_file(undisturbed):
    end, folder = undisturbed
    gan = new(seed=99)
    gan.load_weights(folder / "gan.weights.h5")
    gan.fit(data(), epochs=2, initial_epoch=1, verbose=0)
    assert_same_state(gan, end)


def test_a_model_that_is_not_compiled_takes_its_networks(undisturbed):
    _, folder = undisturbed
    images, _ = data().batch(0)
    gan = keras.saving.load_model(folder / "gan.keras", compile=False)
    other = small(models.CycleGAN, seed=5)
    other.load_weights(folder / "gan.weights.h5")
    expected = gan.translate(images, "b_to_a")
    np.testing.assert_array_equal(other.translate(images, "b_to_a"), expected)
    again = small(models.CycleGAN, seed=5)
    again.restore(folder / "running")
    assert not np.array_equal(again.translate(images, "b_to_a"), expected)
