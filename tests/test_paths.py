"""`~` is the home folder, at every door."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, callbacks, checkpoints, files, plotting
from keras_gan.paths import expand

DATA = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")


@pytest.fixture
def home(tmp_path, monkeypatch):
    home, place = tmp_path / "home", tmp_path / "place"
    home.mkdir()
    place.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(place)
    yield home
    assert not list(place.iterdir())  # no folder of the name "~"


def test_expand(home):
    assert expand("~/x") == home / "x"
    assert str(expand("a~/x")) == "a~/x"


def test_training(home):
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (4,), (4,)))
    gan.compile()
    chosen = [callbacks.Checkpoint("~/ck"), callbacks.SampleGrid("~/samples")]
    gan.fit(DATA, batch_size=8, verbose=0, callbacks=chosen)
    assert callbacks.LatentWalk("~/walk.gif").path == home / "walk.gif"
    assert checkpoints.latest("~/ck").parent == home / "ck"
    path = f"~/ck/{checkpoints.latest('~/ck').name}"
    checkpoints.verify(path)
    checkpoints.read(path)
    gan.restore("~/ck")
    gan.restore(path)
    gan.save("~/gan.keras")
    keras.saving.load_model(home / "gan.keras")
    gan.save_weights("~/gan.weights.h5")
    gan.load_weights("~/gan.weights.h5")
    gan.save_to_preset("~/preset")
    keras_gan.from_preset("~/preset")
    assert {path.name for path in home.iterdir()} == {
        *("ck", "samples", "gan.keras", "gan.weights.h5", "preset")
    }


def test_files(home):
    files.write_json("~/x.json", [1])
    assert files.read_json("~/x.json") == [1]
    plotting.image_grid(np.zeros((1, 4, 4, 1), "uint8"), path="~/grid.png")
    assert (home / "grid.png").is_file()


@pytest.mark.backends("tensorflow", reason="exports run there")
def test_exports(home):
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (4,), (4,)))
    assert gan.export("~/model") == home / "model" / "1"
    keras_gan.export.serving_config(["~/model"], folder="~/config")
    assert (home / "config" / "models.config").is_file()
