"""Dropout drops as many values as it should, and the same ones from one seed."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan

ONES = np.ones((64, 5, 5, 13), "float32")


def dropped(rate=0.3, seed=0, inputs=ONES, **settings):
    layer = keras_gan.layers.Dropout(rate, seed=seed, **settings)
    return ops.convert_to_numpy(layer(inputs, training=True))


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.75])
def test_rate_and_scale(rate):
    outputs = dropped(rate)
    assert set(np.unique(outputs)) == {0.0, np.float32(1 / (1 - rate))}
    num_values = outputs.size
    spread = np.sqrt(rate * (1 - rate) / num_values)
    assert abs((outputs == 0).mean() - rate) < 5 * spread


def test_no_pattern_between_neighbours():
    kept = dropped(0.5).ravel() > 0
    for lag in (1, 2, 3, 13):
        agree = (kept[lag:] == kept[:-lag]).mean()
        assert abs(agree - 0.5) < 5 * 0.5 / np.sqrt(kept.size)


def test_seeds():
    np.testing.assert_array_equal(dropped(seed=1), dropped(seed=1))
    assert (dropped(seed=1) != dropped(seed=2)).any()
    layer = keras_gan.layers.Dropout(0.3, seed=1)
    one, two = (ops.convert_to_numpy(layer(ONES, training=True)) for _ in range(2))
    assert (one != two).any()


def test_noise_shape_drops_whole_channels():
    outputs = dropped(0.5, noise_shape=(None, 1, 1, None))
    assert (outputs == outputs[:, :1, :1]).all()
    assert len(np.unique(outputs)) == 2


def test_nothing_happens_in_inference():
    layer = keras_gan.layers.Dropout(0.3)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(ONES)), ONES)


def test_it_is_a_keras_layer(tmp_path):
    inputs = keras.Input((6,))
    outputs = keras_gan.layers.Dropout(0.25, seed=3)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(outputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    layer = again.layers[1]
    assert type(layer) is keras_gan.layers.Dropout
    assert layer.rate == 0.25
    model.compile(loss="mse")
    model.fit(np.ones((8, 6)), np.ones((8, 1)), verbose=0)
