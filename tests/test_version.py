"""The version is written into what is kept, from a checkout too."""

import importlib.metadata

import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.callbacks import Checkpoint
from keras_gan.hub import card
from keras_gan.runs import environment


@pytest.fixture
def not_installed(monkeypatch):
    """Python finds the package, and knows nothing of its distribution."""
    version = importlib.metadata.version

    def of_others(name):
        if name == "keras-gan":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr("importlib.metadata.version", of_others)


@pytest.mark.usefixtures("not_installed")
def test_a_checkout_trains_with_checkpoints_and_describes_itself(tmp_path):
    gan = keras_gan.GAN(*architectures.mlp((2,), 2, generator_units=(4,)))
    gan.compile()
    checkpoint = Checkpoint(tmp_path)
    gan.fit(np.zeros((4, 2), "float32"), batch_size=4, verbose=0, callbacks=checkpoint)
    assert list(tmp_path.glob("*.npz"))
    versions = environment.describe()["versions"]
    assert versions["keras-gan"] == keras_gan.__version__
    written = card._description(gan.sampler, "GAN")["written by"]
    assert f"keras_gan {keras_gan.__version__}," in written
