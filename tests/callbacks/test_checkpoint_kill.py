"""Processes that are killed and started again with the same command."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
import resumable

from keras_gan import checkpoints

SCRIPT = Path(__file__).with_name("resumable.py")


def start(folder, result, every=1):
    process = subprocess.Popen(
        [sys.executable, SCRIPT, folder, result, str(every)],
        env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "started\n"
    return process


def assert_same_end(result, expected):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    with np.load(result) as a, np.load(expected) as b:
        assert sorted(a) == sorted(b)
        for name in a:
            np.testing.assert_allclose(
                a[name], b[name], rtol=tolerance, atol=tolerance, err_msg=name
            )
    history, expected_history = (
        json.loads(path.with_suffix(".json").read_text()) for path in (result, expected)
    )
    assert history["epoch"] == expected_history["epoch"]
    for name, values in expected_history["history"].items():
        np.testing.assert_allclose(history["history"][name], values, rtol=1e-6)


def wait_for(folder, pattern, process):
    while process.poll() is None:
        if any(folder.glob(pattern)):
            return
        time.sleep(0.001)


@pytest.mark.backends(
    "tensorflow", reason="tests/models/test_killed.py kills processes of all"
)
def test_killed_twice(tmp_path):
    """Two kills, the second while a file is written, and on to the end."""
    folder, result = tmp_path / "checkpoints", tmp_path / "end.npz"
    rng = random.Random(0)
    for pattern in ("step_*", ".*.partial*"):
        process = start(folder, result)
        first = len(checkpoints.listed(folder)) and checkpoints.latest(folder).name
        while process.poll() is None:
            wait_for(folder, pattern, process)
            if checkpoints.listed(folder) and (
                checkpoints.listed(folder)[-1].name != first
            ):
                break
        time.sleep(rng.uniform(0, 0.02))
        process.kill()
        process.communicate()
        assert not result.exists(), f"finished, while it waited for {pattern}"

    resumable.run(folder, result)
    resumable.run(tmp_path / "uninterrupted", tmp_path / "expected.npz")
    assert_same_end(result, tmp_path / "expected.npz")
