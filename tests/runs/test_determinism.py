"""A run that is killed and resumed equals an uninterrupted one."""

import csv
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.backends(
    "tensorflow", reason="callbacks/test_checkpoint_kill.py kills runs on every backend"
)


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
    environment.pop("TF_DETERMINISTIC_OPS", None)
    return subprocess.Popen(
        list(map(str, [*command, *options])),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process):
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


def wait_for_epoch(folder, number, process):
    deadline = time.monotonic() + 120
    path = folder / "samples" / f"epoch_{number:04}.png"
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_killed_and_stopped_and_resumed(pictures, tmp_path):
    recipe = ("dcgan", "--data", pictures, "--size", 16, "--seed", 3)
    recipe += ("--images", 320, "--batch-size", 16, "--checkpoint-every", 3)
    recipe += ("--precision", "float32")  # "auto" may time another one each time
    alone, disturbed = tmp_path / "alone", tmp_path / "disturbed"
    finish(start(alone, *recipe))

    process = start(disturbed, *recipe)
    wait_for_epoch(disturbed, 4, process)
    process.kill()
    process.communicate()
    assert not (disturbed / "gan.keras").exists()

    process = start(disturbed, "--resume")
    wait_for_epoch(disturbed, 11, process)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate()
    assert process.returncode == 143, said
    assert f"Go on with: keras-gan train --output {disturbed} --resume" in said

    finish(start(disturbed, "--resume"))
    assert logged(disturbed) == logged(alone)
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    models = [keras.saving.load_model(run / "gan.keras") for run in (disturbed, alone)]
    for model in models:
        assert len(model.get_weights()) > 10
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    for name in ("epoch_0009.png", "epoch_0020.png"):
        one, other = (run / "samples" / name for run in (disturbed, alone))
        assert one.read_bytes() == other.read_bytes()


def logged(folder):
    with open(folder / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]
