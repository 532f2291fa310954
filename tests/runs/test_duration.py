"""The length of a training by the clock: a clock that the test moves."""

import types

import numpy as np
import pytest

from keras_gan import datasets, presets, runs
from keras_gan.runs import duration

once = pytest.mark.backends("tensorflow", reason="no backend code: run once")


class FakeGAN:
    """Takes 5 seconds to build, 2 for the first step, and 0.5 for each after it.

    `early` is what each of the next 8 takes.
    """

    def __init__(self, clock, early=0.5):
        self.clock, self.is_new, self.stop_training = clock, True, False
        self.clock.now += 5
        self.lengths = []
        self.early = 8 * [early]

    def fit(self, data, epochs, verbose, callbacks, steps_per_epoch=None):
        num_steps = steps_per_epoch or len(data)
        for callback in callbacks:
            callback.set_model(self)
            callback.on_train_begin()
        for epoch in range(epochs):
            for _ in range(num_steps):
                early = self.early.pop() if self.early and not self.is_new else 0.5
                self.clock.now += 2 if self.is_new else early
                self.is_new = False
            self.lengths.append(num_steps)
            for callback in callbacks:
                callback.on_epoch_end(epoch)
            if self.stop_training:
                break


@pytest.fixture
def clock(monkeypatch):
    clock = types.SimpleNamespace(now=100.0)
    clock.perf_counter = lambda: clock.now
    monkeypatch.setattr(duration, "time", clock)
    return clock


SEEDED = datasets.Batches(np.zeros((32, 4, 4, 1), "uint8"), batch_size=4)


@once
@pytest.mark.parametrize("data", [SEEDED, iter([])])
def test_what_is_left_after_the_trial(clock, data):
    made = []

    def build(num_steps):
        made.append(num_steps)
        return FakeGAN(clock)

    # 600 s: 5 to build and 2 for a step, twice; 64 steps of 0.5 s to time, which stay
    # below 5% of the time until the 56th is through.
    found = runs.steps_in(10, build, data)
    assert made == [64]
    assert found == int(0.95 * (600 - 14 - 32) / 0.5)


@once
def test_the_first_steps_after_compiling_do_not_count(clock):
    found = runs.steps_in(10, lambda num_steps: FakeGAN(clock, early=2.0), SEEDED)
    # 16 s of early steps, and 4 epochs of 4 s more until 5% of the time are through.
    assert found == int(0.95 * (600 - 14 - 16 - 16) / 0.5)


@once
def test_a_short_time_has_a_short_trial(clock):
    gans = []

    def build(num_steps):
        gans.append(FakeGAN(clock))
        return gans[-1]

    # Of 30 s, 1.5 may go into timing: the first 8 steps take 4.
    assert runs.steps_in(0.5, build, SEEDED) == int(0.95 * (30 - 14 - 4) / 0.5)
    assert gans[0].lengths == [1, 8]


@once
def test_too_short(clock):
    with pytest.raises(
        ValueError, match=r"`minutes=0.2` is too short.*takes 7 seconds"
    ):
        runs.steps_in(0.2, lambda n: FakeGAN(clock), SEEDED)
    with pytest.raises(ValueError, match="`minutes` must be above 0. Received: -1"):
        runs.steps_in(-1, None, SEEDED)
    with pytest.raises(ValueError, match="`minutes` must be a finite number"):
        runs.steps_in("ten", None, SEEDED)


@once
def test_growing_models_are_refused():
    class Growing:
        growth = None

    with pytest.raises(
        ValueError, match="Growing takes longer .* the number of images"
    ):
        runs.steps_in(1, lambda n: Growing(), SEEDED)


def test_a_run_gets_the_length_that_fits(tmp_path):
    units = {"generator_units": (4,), "discriminator_units": (4,)}
    preset = presets.get("mlp_mnist").replace(
        image_shape=(4, 4, 1), arguments=units, batch_size=32, dataset="own"
    )
    images = np.random.default_rng(0).uniform(-1, 1, (64, 4, 4, 1)).astype("float32")
    run = runs.Run(tmp_path / "run", preset)
    run.fit_to(3, datasets.Batches(images, batch_size=32))
    num_steps = run.preset.num_steps
    assert 100 < num_steps < 2_000_000  # a step takes from 0.1 ms to 1 s
    assert run.preset.num_images == 32 * num_steps
    assert (run.preset.networks, run.preset.compile) == (
        preset.networks,
        preset.compile,
    )
    run.begin()
    assert runs.Run.open(run.folder).preset.num_steps == num_steps
