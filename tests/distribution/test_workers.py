"""Two processes that train together, as on two machines, end where one device does."""

import subprocess
import time

import keras
import pytest
from processes import assert_same, finish, start_workers

from keras_gan import checkpoints

pytestmark = pytest.mark.backends(
    "tensorflow", "jax", reason="torch's processes are refused"
)


def test_two_processes_end_where_one_device_does(one_device, tmp_path):
    games = ["normalised"]  # test_tensorflow.py has more, in one process
    if keras.backend.backend() == "jax":
        games.append("steps")
    finish(*start_workers(None, tmp_path / "end.npz", ",".join(games)))
    for game in games:
        assert_same(tmp_path / "end_0.npz", one_device, game)
        assert_same(tmp_path / "end_1.npz", one_device, game)


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


# callbacks/test_checkpoint_kill.py kills and stops one process.
@pytest.mark.slow
@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed, stopped"])
def test_disturbed_workers_end_where_one_device_does(one_device, tmp_path, is_killed):
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
