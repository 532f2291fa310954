"""`keras-gan serve`."""

import os
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from keras_gan_cli import main, serve

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "models" / "fashion"
    (path / "1").mkdir(parents=True)
    (path / "1" / "saved_model.pb").write_bytes(b"")
    return path


@pytest.fixture
def started(monkeypatch):
    """What would have been started."""
    commands = []
    monkeypatch.setattr(
        serve.os, "execv", lambda path, command: commands.append(command)
    )
    return commands


def run(*arguments):
    return CliRunner().invoke(main, ["serve", *map(str, arguments)])


def test_tensorflow_serving_is_preferred(model, tmp_path, monkeypatch):
    binary = tmp_path / "bin" / "tensorflow_model_server"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n')
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    path = f"{binary.parent}{os.pathsep}{os.environ['PATH']}"
    code = f"from keras_gan_cli import main; main(['serve', {str(model)!r}])"
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PATH": path}, check=True
    )
    assert (tmp_path / "arguments").read_text().split() == [
        "--rest_api_port=8501",
        "--port=8500",
        "--model_name=fashion",
        f"--model_base_path={model}",
    ]


def test_a_models_config_goes_to_tensorflow_serving(model, started, monkeypatch):
    from keras_gan import export

    config = export.serving_config([model], model.parent)
    monkeypatch.setattr(serve.shutil, "which", lambda name: f"/bin/{name}")
    assert run(config, "--port", 9001).exit_code == 0
    assert started == [
        [
            "/bin/tensorflow_model_server",
            "--rest_api_port=9001",
            "--port=9000",
            f"--model_config_file={config}",
            "--enable_batching",
            f"--batching_parameters_file={config.with_name('batching.config')}",
        ]
    ]


def test_several_models_must_be_listed_for_tensorflow_serving(model, monkeypatch):
    other = model.parent / "other" / "1"
    other.mkdir(parents=True)
    (other / "saved_model.pb").write_bytes(b"")
    monkeypatch.setattr(serve.shutil, "which", lambda name: f"/bin/{name}")
    result = run(model.parent)
    assert result.exit_code == 1
    assert "serving_config" in result.output


def test_the_built_in_server_is_started_without_keras(model, started, monkeypatch):
    monkeypatch.setattr(serve.shutil, "which", lambda name: None)
    assert run(model, "--port", 0, "--max-body", 5).exit_code == 0
    (command,) = started
    assert command[:2] == [sys.executable, "-P"]
    assert command[2].endswith("serving")
    assert command[3:] == ["--host=127.0.0.1", "--port=0", "--max-body=5", str(model)]


def test_built_in_even_if_tensorflow_serving_is_there(model, started, monkeypatch):
    monkeypatch.setattr(serve.shutil, "which", lambda name: f"/bin/{name}")
    assert run(model, "--built-in", "--port", 0).exit_code == 0
    assert started[0][0] == sys.executable


def test_limits_go_to_the_built_in_server(model, started, monkeypatch):
    monkeypatch.setattr(serve.shutil, "which", lambda name: None)
    options = ["--silence-seconds", 3, "--max-rows", 9, "--allowed-host", "a.org"]
    assert run(model, "--port", 0, *options).exit_code == 0
    expected = ["--max-rows=9", "--silence-seconds=3.0", "--allowed-host=a.org"]
    assert started[0][5:] == [*expected, str(model)]
    result = run(model, "--max-rows", 0)
    assert result.exit_code == 1
    assert "--max-rows must be positive" in result.output


@pytest.mark.parametrize(
    "option", [["--max-body", 5], ["--host", "127.0.0.1"], ["--allowed-host", "a"]]
)
def test_what_tensorflow_serving_has_not_is_refused(model, monkeypatch, option):
    monkeypatch.setattr(serve.shutil, "which", lambda name: f"/bin/{name}")
    result = run(model, *option)
    assert result.exit_code == 1
    assert f"has no {option[0]}. Leave it out, or pass --built-in" in result.output


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--port", 70000], "--port must be 0 to 65535. Received: 70000"),
        (["--host", "no.such.host.invalid"], "Cannot listen on no.such.host.invalid"),
    ],
)
def test_a_wrong_address_is_explained(model, monkeypatch, options, reason):
    monkeypatch.setattr(serve.shutil, "which", lambda name: None)
    result = run(model, *options)
    assert result.exit_code == 1
    assert reason in result.output


def test_what_cannot_be_served_is_explained(tmp_path):
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "holds no SavedModel" in result.output
    assert "Traceback" not in result.output
    assert run(tmp_path / "none").exit_code == 2
