"""A translator that was stopped and taken up again equals one that never was.

Its pools, dropout, statistics and draws are in every kind of file.
"""

import keras
import numpy as np
import pytest
from keras import ops
from translators import small

from keras_gan import callbacks, datasets, models


class Pairs(datasets.SeededDataset):
    def batch(self, step):
        images = self.rng(0, step).uniform(-1, 1, (2, 4, 4, 4, 1))
        return tuple(images.astype("float32"))


def data():
    return Pairs(steps_per_epoch=3)


def new(seed=0, kind=models.CycleGAN):
    keras.backend.clear_session()
    gan = small(kind, seed=seed)
    gan.compile(**({"pool_size": 6} if kind is models.CycleGAN else {}))
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


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Threads that add in another order would differ in the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.fixture(scope="module")
def undisturbed():
    gan = new()
    start = state_of(gan)
    gan.fit(data(), epochs=4, verbose=0)
    end = state_of(gan)
    still = [name for name in end if np.array_equal(start[name], end[name])]
    counts = ("num_skipped", "learning_rate", "_first")
    assert not [name for name in still if not any(word in name for word in counts)]
    return end


def test_keras_file(undisturbed, tmp_path):
    gan = new()
    gan.fit(data(), epochs=2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    keras.backend.clear_session()
    gan = keras.saving.load_model(tmp_path / "gan.keras")
    gan.fit(data(), epochs=4, initial_epoch=2, verbose=0)
    assert_same_state(gan, undisturbed)


def test_weights_file(undisturbed, tmp_path):
    gan = new()
    gan.fit(data(), epochs=2, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    gan = new(seed=99)
    gan.load_weights(tmp_path / "gan.weights.h5")
    gan.fit(data(), epochs=4, initial_epoch=2, verbose=0)
    assert_same_state(gan, undisturbed)


class Interrupt(keras.callbacks.Callback):
    """Stops in the middle of the third epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if int(ops.convert_to_numpy(self.model.optimizer.iterations)) == 7:
            raise KeyboardInterrupt

    on_epoch_end = on_train_batch_end


@pytest.mark.parametrize(
    "kind", [callbacks.Checkpoint, keras.callbacks.BackupAndRestore]
)
def test_checkpoints(undisturbed, tmp_path, kind):
    own = kind is callbacks.Checkpoint
    settings = {"every": 1} if own else {"save_freq": 1}

    def resume(gan, *others):
        backup = kind(str(tmp_path / "backup"), **settings)
        return gan.fit(data(), epochs=4, verbose=0, callbacks=[backup, *others])

    with pytest.raises(KeyboardInterrupt):
        resume(new(), Interrupt())
    gan = new(seed=99)
    assert resume(gan).epoch == [0, 1, 2, 3]
    assert_same_state(gan, undisturbed)


def test_a_model_that_is_not_compiled_takes_its_networks(tmp_path):
    gan = new()
    images, _ = data().batch(0)
    checkpoint = callbacks.Checkpoint(tmp_path / "run")
    gan.fit(data(), verbose=0, callbacks=[checkpoint])
    other = small(models.CycleGAN, seed=5)
    other.restore(tmp_path / "run")
    np.testing.assert_array_equal(other.translate(images), gan.translate(images))
    gan.save_weights(tmp_path / "gan.weights.h5")
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras", compile=False)
    np.testing.assert_array_equal(
        again.translate(images, "b_to_a"), gan.translate(images, "b_to_a")
    )
