"""A run that is stopped or killed, and resumed, equals an uninterrupted one."""

import csv
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from keras_gan_cli import main

pytestmark = pytest.mark.backends(
    "tensorflow", reason="models/test_killed.py kills runs on every backend"
)


@pytest.fixture
def deterministic(monkeypatch):
    """As the command line makes a new process, whose first tensors come later."""
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    monkeypatch.setenv("TF_DETERMINISTIC_OPS", "1")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(64):
        picture = Image.fromarray(rng.integers(0, 256, (16, 16, 3), "uint8"))
        picture.save(folder / f"{number:02}.png")
    return folder


def start(folder, *options):
    command = [sys.executable, "-m", "keras_gan_cli", "train", "--output", folder]
    environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
    for name in ("TF_DETERMINISTIC_OPS", "TF_CPP_MIN_LOG_LEVEL"):
        environment.pop(name, None)
    return subprocess.Popen(
        list(map(str, [*command, *options])),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def train(folder, *options):
    """Train in this process, which saves its start."""
    command = ["train", "--output", folder, *options]
    result = CliRunner().invoke(main, list(map(str, command)))
    assert result.exit_code == 0, result.output


def wait_for_epoch(folder, number, process):
    deadline = time.monotonic() + 120
    path = folder / "samples" / f"epoch_{number:04}.png"
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.005)


def kill_in_epoch(folder, number, process):
    wait_for_epoch(folder, number, process)
    process.kill()
    process.communicate()
    assert not (folder / "gan.keras").exists()


@pytest.mark.usefixtures("deterministic", "optimized")
@pytest.mark.parametrize(
    ("num_epochs", "killed_in", "stopped_in"),
    [
        pytest.param(8, None, 3, id="stopped"),
        # models/test_killed.py kills runs on every backend.
        pytest.param(20, 4, 11, id="killed and stopped", marks=pytest.mark.slow),
    ],
)
def test_disturbed_and_resumed(pictures, tmp_path, num_epochs, killed_in, stopped_in):
    recipe = ("dcgan", "--data", pictures, "--size", 16, "--seed", 3)
    recipe += ("--images", 16 * num_epochs, "--batch-size", 16)
    recipe += ("--checkpoint-every", 3)
    recipe += ("--precision", "float32")  # "auto" may time another one each time
    alone, disturbed = tmp_path / "alone", tmp_path / "disturbed"
    train(alone, *recipe)

    process = start(disturbed, *recipe)
    if killed_in is not None:
        kill_in_epoch(disturbed, killed_in, process)
        process = start(disturbed, "--resume")
    wait_for_epoch(disturbed, stopped_in, process)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate()
    assert process.returncode == 143, said
    assert f"Go on with: keras-gan train --output {disturbed} --resume" in said
    assert "remapper failed" not in said  # TensorFlow writes it into its log

    train(disturbed, "--resume")
    assert logged(disturbed) == logged(alone)
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    models = [keras.saving.load_model(run / "gan.keras") for run in (disturbed, alone)]
    for model in models:
        assert len(model.get_weights()) > 10
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    for name in (f"epoch_{stopped_in + 1:04}.png", f"epoch_{num_epochs:04}.png"):
        one, other = (run / "samples" / name for run in (disturbed, alone))
        assert one.read_bytes() == other.read_bytes()


def logged(folder):
    with open(folder / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]
