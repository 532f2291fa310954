"""Runs of a process that is killed, by SIGKILL, go on as if it had not been."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import keras
import killed
import numpy as np
import pytest
from keras import ops

import keras_gan

SCRIPT = Path(killed.__file__)


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Threads that add in another order would differ in the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The checkpoints of three runs whose process was killed in all of them."""
    folder = tmp_path_factory.mktemp("killed")
    process = subprocess.run(
        [sys.executable, SCRIPT, folder],
        env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
        capture_output=True,
        text=True,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    return folder


def state_of(gan):
    keras_gan.backend.sync_state(gan)
    variables = gan.checkpoint_variables()
    return {n: ops.convert_to_numpy(v).copy() for n, v in variables.items()}


@pytest.mark.parametrize("name", killed.STEPS)
def test_a_killed_run_goes_on(folder, name):
    newest = keras_gan.checkpoints.latest(folder / name)
    arrays, _ = keras_gan.checkpoints.read(newest)
    assert int(newest.stem.split("_")[-1]) == killed.STEPS[name]
    if name == "cyclegan":
        pools = [array for key, array in arrays.items() if "pool" in key]
        assert any(np.abs(pool).max() > 0 for pool in pools)
    if name == "progressive":
        assert int(arrays["state/growth/images_seen"]) == 32  # alpha is 2/3
    checkpoint = keras_gan.callbacks.Checkpoint(folder / name, every=1)
    found = state_of(killed.fit(name, checkpoint, seed=99))
    expected = state_of(killed.fit(name))
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    assert sorted(found) == sorted(expected)
    for key, array in expected.items():
        np.testing.assert_allclose(
            found[key], array, rtol=tolerance, atol=tolerance, err_msg=key
        )
