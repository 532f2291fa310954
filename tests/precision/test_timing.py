"""The time of a step in bfloat16 over that of one in float32."""

import keras
import numpy as np
import pytest

from keras_gan.precision import timing

measured = timing.bfloat16_cost.__wrapped__


@pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles for seconds, and is never timed"
)
def test_names_and_random_state_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(timing, "BATCH_SIZE", 1)
    monkeypatch.setattr(timing, "NUM_ROUNDS", 1)

    def leave(between):
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(7)
        between()
        layer = keras.layers.Conv2D(1, 1)
        numbers = keras.ops.convert_to_numpy(keras.random.normal((3,)))
        return layer.name, keras.optimizers.SGD().name, *numbers, np.random.rand()

    assert leave(lambda: None) == leave(measured)


def test_the_fastest_step_of_each_counts(monkeypatch):
    seconds = iter([3.0, 5.0, 2.0, 8.0, 4.0, 6.0])
    monkeypatch.setattr(timing, "NUM_ROUNDS", 3)
    monkeypatch.setattr(timing, "_seconds", lambda step: next(seconds))
    monkeypatch.setattr(timing, "_step", lambda policy: lambda: None)
    assert measured() == 5.0 / 2.0


def test_a_slow_device_is_not_timed_for_long(monkeypatch):
    seconds = iter([1.0, 30.0])
    monkeypatch.setattr(timing, "LIMIT", 0.0)
    monkeypatch.setattr(timing, "_seconds", lambda step: next(seconds))
    monkeypatch.setattr(timing, "_step", lambda policy: lambda: None)
    assert measured() == 30.0


def test_a_device_that_cannot_compute_it_never_finishes(monkeypatch):
    def step(policy):
        def run():
            if policy == "mixed_bfloat16":
                raise RuntimeError("could not create a primitive descriptor")

        return run

    monkeypatch.setattr(timing, "_step", step)
    assert measured() == float("inf")
