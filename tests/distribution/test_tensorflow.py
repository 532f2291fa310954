"""Several devices and workers under `tf.distribute` end where one device does."""

import subprocess
import time

import keras
import numpy as np
import pytest
from processes import assert_same, finish, start, start_workers

from keras_gan import checkpoints

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


def play_on(workers, is_reached):
    """Wait until workers that train have reached something."""
    while not is_reached():
        assert all(worker.poll() is None for worker in workers)
        time.sleep(0.1)


def kill_one(workers, folder):
    """Kill one of them after a few steps, and wait for the other to end."""
    play_on(workers, lambda: any((folder / "checkpoints").glob("step_*[2-9].npz")))
    workers[1].kill()
    try:
        workers[0].wait(timeout=20)
    except subprocess.TimeoutExpired:  # it waits for the other
        workers[0].kill()
    for worker in workers:
        worker.communicate()
    (folder / "steps_1").unlink()


@pytest.mark.parametrize(
    "is_killed",
    [
        pytest.param(False, id="stopped"),
        # callbacks/test_checkpoint_kill.py kills a process.
        pytest.param(True, id="killed and stopped", marks=pytest.mark.slow),
    ],
)
def test_two_workers_end_where_one_device_does(one_device, tmp_path, is_killed):
    folder, result = tmp_path / "run", tmp_path / "end.npz"
    saved, slow = folder / "checkpoints", {"SECONDS_PER_STEP": "0.3"}
    if is_killed:
        kill_one(start_workers(folder, result, "steps", **slow), folder)
        assert not list(tmp_path.glob("end*"))

    before = checkpoints.listed(saved)[-1:]
    counter = folder / "steps_1"
    workers = start_workers(folder, result, "steps", SAVE_EVERY="1000", **slow)
    play_on(workers, lambda: counter.exists() and int(counter.read_text()) > 1)
    workers[1].terminate()  # the other hears of it
    said = [worker.communicate(timeout=60)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [143, 143], said
    assert all("Stopped after epoch" in each for each in said)
    assert checkpoints.listed(saved)[-1:] > before

    for leftover in folder.glob("steps_*"):
        leftover.unlink()
    finish(*start_workers(folder, result, "steps"))
    assert_same(tmp_path / "end_0.npz", one_device, "steps")
    assert_same(tmp_path / "end_1.npz", one_device, "steps")
    # Only the chief has written.
    written = sorted(path.name for path in folder.iterdir())
    assert written == ["checkpoints", "log_0.csv", "samples_0"]
    assert len(checkpoints.listed(saved)) == 3
    assert len(list((folder / "samples_0").iterdir())) == 3
