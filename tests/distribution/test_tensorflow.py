"""Several devices under `tf.distribute` end where one does."""

import keras
import numpy as np
import pytest
from processes import assert_same, finish, start

pytestmark = pytest.mark.backends("tensorflow", reason="tf.distribute is TensorFlow's")


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory):
    result = tmp_path_factory.mktemp("mirrored") / "end.npz"
    finish(start("mirrored", result, "cyclegan,steps,normalised,spoilt"))
    return result


@pytest.mark.parametrize("game", ["steps", "normalised", "spoilt", "cyclegan"])
def test_two_devices_end_where_one_does(mirrored, one_device, game):
    assert_same(mirrored, one_device, game)


def test_a_nan_on_a_replica_stops_no_other(mirrored):
    with np.load(mirrored) as arrays:
        counters = {n: a for n, a in arrays.items() if n.startswith("spoilt/optimizer")}
    assert counters["spoilt/optimizer/num_skipped"] == 1
    assert counters["spoilt/optimizer/num_steps"] == 12


def test_replicas_draw_different_noise(mirrored):
    with np.load(mirrored) as arrays:
        assert not np.isclose(arrays["noise/own_0"], arrays["noise/own_1"]).any()
        drawn = [arrays[f"noise/latents_{i}"] for i in range(2)]
        seed = arrays["noise/state"]
    assert seed[0] == 0  # as on one device, once the step is over
    assert not np.isclose(*drawn).any()
    generator = keras.random.SeedGenerator(0)
    generator.state.assign([0, seed[1] - 2])
    together = keras.random.normal((16, 4), seed=generator)
    np.testing.assert_array_equal(np.concatenate(drawn), together)
