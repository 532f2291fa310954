"""The moving average comes back by every way of loading, or the way is refused."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.callbacks import Checkpoint

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")


def new():
    return keras_gan.GAN(*architectures.mlp((2,), 4, None, (4,), (4,)), seed=0)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a GAN in every form, and the images of its moving average."""
    folder = tmp_path_factory.mktemp("saved")
    gan = new()
    gan.compile(ema=keras_gan.EMA(50))
    gan.fit(DATA, batch_size=4, verbose=0, callbacks=[Checkpoint(folder / "ck")])
    gan.save(folder / "gan.keras")
    gan.save_weights(folder / "gan.weights.h5")
    return folder, gan.generate(4, seed=0)


def check(gan, images):
    np.testing.assert_allclose(gan.generate(4, seed=0), images, atol=1e-6)


def test_models(saved, tmp_path):
    folder, images = saved
    check(keras.saving.load_model(folder / "gan.keras"), images)
    loaded = keras.saving.load_model(folder / "gan.keras", compile=False)
    check(loaded, images)
    loaded.save(tmp_path / "again.keras")
    check(keras.saving.load_model(tmp_path / "again.keras"), images)
    loaded.save_to_preset(tmp_path / "preset")
    check(keras_gan.GAN.from_preset(tmp_path / "preset"), images)
    loaded.compile(ema=keras_gan.EMA(10))
    check(loaded, images)


@pytest.mark.parametrize(
    ("load", "name"), [("load_weights", "gan.weights.h5"), ("restore", "ck")]
)
def test_weights_and_checkpoints(saved, load, name):
    folder, images = saved
    gan = new()
    getattr(gan, load)(folder / name)
    check(gan, images)
    gan = new()
    gan.compile()
    with pytest.raises(ValueError, match=r"moving average.*compile\(ema="):
        getattr(gan, load)(folder / name)


def test_weights_in_parts(saved, tmp_path):
    folder, images = saved
    gan = keras.saving.load_model(folder / "gan.keras")
    gan.save_weights(tmp_path / "gan.weights.json", max_shard_size=1)
    gan = new()
    gan.load_weights(tmp_path / "gan.weights.json")
    check(gan, images)


@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_a_file_without_an_average(tmp_path):
    gan = new()
    gan.compile()
    gan.save_weights(tmp_path / "gan.weights.h5")
    other = new()
    other.compile(ema=keras_gan.EMA(10))
    with pytest.raises(
        ValueError, match="(?s)holds no moving average.*`compile` again"
    ):
        other.load_weights(tmp_path / "gan.weights.h5")


@pytest.mark.parametrize("name", ["gan.h5", "gan.hdf5"])
def test_the_old_format_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"HDF5.*ends in `.keras`"):
        new().save(tmp_path / name)
    assert not list(tmp_path.iterdir())
