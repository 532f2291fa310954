"""What the pages suppose to be there, and training that ends soon."""

import importlib
import sys

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan.backend import num_devices
from keras_gan.datasets.idx import take_split

NUM_IMAGES = 600


@pytest.fixture(scope="session")
def clothes():
    """600 pictures of clothes, and their labels."""
    module = importlib.import_module("keras_gan.datasets.fashion_mnist")
    images, labels = module.read_sample()
    some = np.arange(NUM_IMAGES) * (len(images) // NUM_IMAGES)
    return images[some], labels[some]


def _take_split(arrays, split, num_images=None):
    """Of the few pictures there are, at most so many as a page asks for."""
    num_images = num_images and min(num_images, len(arrays[0]))
    return take_split(arrays, split, num_images)


@pytest.fixture
def tiny(tmp_path, monkeypatch, clothes):
    """A folder to write in, 600 pictures, and epochs of one step."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras_gan.AdversarialModel, "fit", _short_fit())
    monkeypatch.setattr(keras_gan.metrics, "measure", _short_measure())
    fashion_mnist = sys.modules["keras_gan.datasets.fashion_mnist"]
    monkeypatch.setattr(fashion_mnist, "load_arrays", lambda *_: clothes)
    monkeypatch.setattr(fashion_mnist, "take_split", _take_split)
    monkeypatch.setattr("keras_gan.datasets.idx.NUM_VALIDATION", NUM_IMAGES // 6)
    policy = keras.config.dtype_policy()
    yield tmp_path
    keras.config.set_dtype_policy(policy)


@pytest.fixture
def given(tiny):
    """The names that a page uses and does not make."""
    networks = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    gan = keras_gan.GAN(*networks)
    gan.compile()
    dataset = keras_gan.datasets.fashion_mnist(batch_size=32)
    latents = gan.prior.sample(8, seed=0)
    return {
        "__name__": "page",
        "keras": keras,
        "np": np,
        "keras_gan": keras_gan,
        "gan": gan,
        "dataset": dataset,
        "train": dataset,
        "test": keras_gan.datasets.fashion_mnist("test"),
        "latents": latents,
        "latent": latents[:1],
        "start": latents[:1],
        "end": latents[1:2],
    }


def _short_fit():
    fit = keras_gan.AdversarialModel.fit

    def short_fit(self, x=None, y=None, **kwargs):
        kwargs["epochs"] = min(kwargs.get("epochs", 1), 1)
        kwargs["steps_per_epoch"] = 1
        if keras.backend.backend() == "tensorflow" and num_devices(self) == 1:
            self.run_eagerly = True  # to trace one takes longer
        return fit(self, x, y, **{"verbose": 0, **kwargs})

    return short_fit


def _short_measure():
    measure = keras_gan.metrics.measure

    def short_measure(*args, num_images=200, **kwargs):
        kwargs["cache_dir"] = False
        return measure(*args, num_images=min(num_images, 200), **kwargs)

    return short_measure
