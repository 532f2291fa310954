"""The contestants of the race train for a step, and draw images."""

import importlib
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_gan import presets

pytestmark = pytest.mark.backends("tensorflow", reason="the peers are TensorFlow's")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
IMAGES = np.random.default_rng(0).integers(0, 256, (32, 28, 28, 1), "uint8")


@pytest.fixture
def race(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("race")


@pytest.fixture
def eager():
    """One step, without a trace: the step is what is tested."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.filterwarnings("ignore:Even though.*run_functions_eagerly:UserWarning")
@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("peer", ["tutorial_averaged", "keras_io_narrow"])
def test_a_peer_draws_images(race, peer, monkeypatch):
    module, options = race.recipe(peer, policy="float32")
    monkeypatch.setattr(module, "BATCH_SIZE", 4)
    draw, num_images = module.train(IMAGES, 0, seed=0, **options)
    images = draw(3)
    assert num_images == 4
    assert images.shape == (3, 28, 28, 1)
    assert np.abs(images).max() <= 1


def test_what_the_rows_change(race):
    assert race.recipe("ours", "bf16")[1] == {"policy": "bf16"}
    assert race.recipe("ours_float32", "bf16")[1] == {"policy": "float32"}
    module, options = race.recipe("keras_io_narrow", "bf16")
    full, narrow = module.generator(), module.generator(**options)
    assert [layer.filters for layer in narrow.layers[2:5:2]] == [128, 256]
    assert full.count_params() > 2 * narrow.count_params()


def test_the_average_is_that_of_the_preset(race):
    _, options = race.recipe("tutorial_averaged", "float32")
    ema = presets.get("dcgan_fashion_mnist").compile_arguments()["ema"]
    assert ema.half_life == options["half_life"]


def test_the_average_moves_less_than_the_weights(race):
    module, options = race.recipe("tutorial_averaged", "float32")
    momentum = 0.5 ** (module.BATCH_SIZE / options["half_life"])
    assert momentum == pytest.approx(0.991, abs=1e-3)
    optimizer = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=momentum)
    weight = keras.Variable([0.0])
    for _ in range(2):  # the first average is the weight itself
        optimizer.apply([np.array([1.0], "float32")], [weight])
    optimizer.finalize_variable_values([weight])
    assert float(weight[0]) == pytest.approx(-1 - (1 - momentum))
