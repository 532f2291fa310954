"""Collapse is warned of once, and only if there is one."""

import warnings

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.callbacks import CollapseWarning

POINTS = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")
SATURATED = {"real_score": 0.999, "fake_score": 0.001}
HEALTHY = {"real_score": 0.6, "fake_score": 0.4}


class Stub:
    """A generator of images with a given standard deviation."""

    def __init__(self, spread):
        self.spread = spread

    def generate(self, num_images, seed):
        noise = np.random.default_rng(seed).normal(size=(num_images, 8))
        return (self.spread * noise).astype("float32")


def callback(spread=0.5, **settings):
    callback = CollapseWarning(**settings)
    callback.set_model(Stub(spread))
    callback.on_train_begin()
    return callback


def warnings_of(collapse, epochs, first=0):
    """Return the warnings over epochs with these logs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for epoch, logs in enumerate(epochs, first):
            collapse.on_epoch_end(epoch, logs)
    return [str(warning.message) for warning in caught]


def test_saturated_scores_are_warned_of_once():
    collapse = callback(patience=2)
    collapse.on_epoch_end(0, SATURATED)
    with pytest.warns(UserWarning, match="2 epochs.*0.999.*R1"):
        collapse.on_epoch_end(1, SATURATED)
    assert warnings_of(collapse, [SATURATED]) == []


def test_only_consecutive_epochs_count():
    collapse = callback(patience=2)
    assert warnings_of(collapse, [SATURATED, HEALTHY, SATURATED, HEALTHY]) == []
    assert len(warnings_of(collapse, [SATURATED, SATURATED])) == 1


@pytest.mark.parametrize(("spread", "warns"), [(0.001, True), (0.2, False)])
def test_images_that_hardly_differ(spread, warns):
    messages = warnings_of(callback(spread), [HEALTHY], first=4)
    assert ["collapsed" in message for message in messages] == [True] * warns
    assert all("at epoch 5" in message for message in messages)


def test_in_a_real_run_that_collapses():
    gan = keras_gan.GAN(*architectures.mlp((6,), 4, None, (8,), (8,)))
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
    gan.generator.set_weights([np.zeros_like(w) for w in gan.generator.get_weights()])
    with pytest.warns(UserWarning, match=r"hardly differ.*0\.0000 at epoch 1"):
        gan.fit(POINTS, verbose=0, callbacks=[CollapseWarning()])


@pytest.mark.parametrize(
    "settings", [{"patience": 0}, {"num_images": 1}, {"min_std": -1}]
)
def test_bad_arguments(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        CollapseWarning(**settings)
