"""`import keras_gan` imports Keras and nothing heavy, and needs no network."""

import os
import subprocess
import sys

import pytest

import keras_gan


def run(code, **env):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


NO_NETWORK = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("a connection at import")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
"""

# What Python does where a package is not installed.
NO_TENSORFLOW = "import sys; sys.modules['tensorflow'] = None\n"


@pytest.mark.backends("tensorflow", reason="a package imports the same on all")
def test_no_connection_and_no_matplotlib_at_import():
    """Keras tries Matplotlib, but finds none in what a test starts: see tests/lean."""
    code = "import keras_gan, sys; assert 'matplotlib' not in sys.modules"
    result = run(NO_NETWORK + code)
    assert result.returncode == 0, result.stderr


@pytest.mark.backends("tensorflow", reason="it starts the other backends itself")
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_trains_without_tensorflow(backend):
    pytest.importorskip(backend)
    code = """
import keras, keras_gan
gan = keras_gan.GAN(*keras_gan.architectures.mlp((2,), 4))
gan.compile()
gan.fit(keras_gan.datasets.ring(steps_per_epoch=2), verbose=0)
print(keras.backend.backend(), gan.generate(3).shape)
"""
    result = run(NO_TENSORFLOW + code, KERAS_BACKEND=backend)
    assert result.stdout.split("\n")[-2] == f"{backend} (3, 2)", result.stderr


@pytest.mark.backends("tensorflow", reason="a package imports the same on all")
def test_import_adds_no_library_and_little_time_to_keras():
    code = """
import sys, time
start = time.process_time()
import keras
middle, before = time.process_time(), set(sys.modules)
import keras_gan
share = (time.process_time() - middle) / (middle - start)
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new - set(sys.stdlib_module_names)), share < 0.25)
"""
    result = run(code, PYTHONPATH="")
    assert result.stdout.strip().endswith("['keras_gan'] True"), (
        result.stdout + result.stderr
    )


LAZY = ("architectures", "callbacks", "datasets", "export", "plotting", "presets")


@pytest.mark.parametrize("name", [*LAZY, "runs", "serving", "from_preset"])
def test_lazy_modules_are_found_and_listed(name):
    assert getattr(keras_gan, name) is not None
    assert name in dir(keras_gan)
    assert name in keras_gan.__all__


def test_a_wrong_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'plottings'"):
        keras_gan.plottings  # noqa: B018
