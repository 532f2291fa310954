"""oneDNN is on where TensorFlow would leave it off and loses by that."""

import os
import subprocess
import sys

import keras
import pytest

import keras_gan
from keras_gan import _onednn, _processor, architectures, backend
from keras_gan.precision import advice

OLD, NEW = frozenset({"fma", "avx2"}), frozenset({"avx2", "avx512_vnni"})


@pytest.fixture
def start(monkeypatch):
    """A function that imports the package anew, as it were, on another processor."""
    monkeypatch.delenv(_onednn.VARIABLE, raising=False)
    monkeypatch.setitem(_onednn._state, "came_too_late", False)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(backend, "accelerator_has_bfloat16", lambda: None)
    advice._say.cache_clear()

    def on(instructions):
        monkeypatch.setattr(_processor, "instructions", lambda: instructions)
        _onednn.switch_on()
        value = os.environ.pop(_onednn.VARIABLE, None)
        return value

    return on


@pytest.mark.parametrize(
    ("instructions", "value"),
    [(OLD, "1"), (NEW, None), (frozenset({"sse4_2"}), None), (None, None)],
)
def test_it_is_switched_on_where_tensorflow_leaves_it_off(start, instructions, value):
    assert start(instructions) == value
    assert not _onednn.came_too_late()


@pytest.mark.parametrize("value", ["0", "1"])
def test_what_the_user_set_stays(start, monkeypatch, value):
    monkeypatch.setenv(_onednn.VARIABLE, value)
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    assert start(OLD) == value
    assert not _onednn.came_too_late()


@pytest.mark.backends("tensorflow", "torch", reason="no code of a backend: run on two")
def test_who_imports_tensorflow_first_is_told_once(start, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    assert start(OLD) is None
    assert _onednn.came_too_late()
    monkeypatch.undo()
    monkeypatch.setitem(_onednn._state, "came_too_late", True)
    monkeypatch.setattr(_processor, "instructions", lambda: OLD)
    monkeypatch.setattr(backend, "accelerator_has_bfloat16", lambda: None)
    gans = [keras_gan.GAN(*architectures.mlp((6,), 4))]
    gans += 2 * [keras_gan.GAN(*architectures.dcgan((8, 8, 1), 4, width=4))]
    said = []
    for gan in gans:
        advice.advise(gan)
        said.append(capsys.readouterr().err)
    on_tensorflow = keras.backend.backend() == "tensorflow"
    assert [len(line) > 0 for line in said] == [False, on_tensorflow, False]
    if on_tensorflow:
        assert "Import keras_gan before keras and tensorflow" in said[1]


@pytest.mark.backends("tensorflow", reason="it is TensorFlow that uses it")
def test_a_process_that_imports_the_package_first_has_it():
    code = (
        "from pathlib import Path\n"
        "read = Path.read_text\n"
        "Path.read_text = lambda path, **options: (\n"
        "    'avx2' if str(path) == '/proc/cpuinfo' else read(path, **options)\n"
        ")\n"
        "import keras_gan\n"
        "from tensorflow.python.util import _pywrap_util_port as built\n"
        "print(built.IsMklEnabled())\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != _onednn.VARIABLE}
    command = [sys.executable, "-c", code]
    assert subprocess.check_output(command, env=environment, text=True) == "True\n"
