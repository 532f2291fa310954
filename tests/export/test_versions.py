"""Versions appear whole or not at all, and are not replaced unasked."""

import os
import signal
import subprocess
import sys
import time

import pytest
from on_demand import tensorflow as tf

from keras_gan import export

pytestmark = pytest.mark.backends("tensorflow", reason="a TensorFlow format")


def test_versions_count_up_and_are_not_replaced_unasked(generator, tmp_path):
    path = tmp_path / "deep" / "name"
    assert export.saved_model(generator, path, version=4) == path / "4"
    assert export.saved_model(generator, path) == path / "5"
    with pytest.raises(ValueError, match=r"4 exists, and a server may be using it"):
        export.saved_model(generator, path, version=4)
    before = (path / "4" / "saved_model.pb").stat().st_ino
    export.saved_model(generator, path, version=4, overwrite=True)
    assert (path / "4" / "saved_model.pb").stat().st_ino != before
    assert sorted(p.name for p in path.iterdir()) == ["4", "5"]
    for version in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="must be a positive integer"):
            export.saved_model(generator, path, version=version)


def test_a_failed_export_leaves_nothing(generator, tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(tf.saved_model, "save", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        export.saved_model(generator, tmp_path / "x")
    assert not (tmp_path / "x").exists()


KILLED = """
import sys, threading, keras
from keras_gan import export
from keras_gan.latents import priors
inputs = keras.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(2_000_000)(inputs))
print("ready", flush=True)
export.saved_model(model, sys.argv[1], prior=priors.Normal(4))
"""


def test_an_export_that_is_killed_leaves_no_visible_version(tmp_path):
    path = tmp_path / "name"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdout.readline()
    deadline = time.monotonic() + 60
    while not list(path.glob(".export_*/*")):  # until it has begun to write
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert [p for p in path.iterdir() if not p.name.startswith(".")] == []
