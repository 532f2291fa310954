"""`import keras_gan` is light, and asks for nothing that is not there."""

import os
import subprocess
import sys

import pytest


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


def test_no_connection_at_import():
    result = run(NO_NETWORK + "import keras_gan")
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


def test_import_pulls_in_no_heavy_library():
    code = """
import sys, keras
before = set(sys.modules)
import keras_gan
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new & {"matplotlib", "scipy", "PIL", "starlette", "uvicorn", "grpc"}))
"""
    result = run(code)
    assert result.stdout.strip().endswith("[]"), result.stdout + result.stderr
