"""The commands together."""

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import keras_gan
from keras_gan.cli import COMMANDS, main
from keras_gan.cli.group import LazyGroup


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"]])
def test_help_needs_neither_keras_nor_tensorflow(arguments):
    # The package around the command line stays empty, so that only what the command
    # line itself imports is seen.
    code = f"""
import sys, types
package = types.ModuleType("keras_gan")
package.__path__ = [{str(Path(keras_gan.__file__).parent)!r}]
sys.modules["keras_gan"] = package
from keras_gan.cli import main
main({arguments!r}, standalone_mode=False)
print(sorted({{"keras", "tensorflow", "numpy", "tqdm", "PIL"}} & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.stdout.startswith("Usage:"), result.stderr
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    command = getattr(importlib.import_module(f"keras_gan.cli.{name}"), name)
    assert len(command.help) > 30


def test_the_help_lists_all_commands():
    said = CliRunner().invoke(main, ["--help"]).output
    for name, brief in COMMANDS.items():
        assert name in said
        assert brief in " ".join(said.split())


def test_an_unknown_command_is_refused():
    result = CliRunner().invoke(main, ["tran"])
    assert result.exit_code == 2
    assert "No such command 'tran'" in result.output


@pytest.mark.parametrize("error", [ValueError, FileNotFoundError, ImportError])
def test_mistakes_are_said_without_a_traceback(error, monkeypatch):
    @click.command()
    def broken():
        raise error("Pass another.")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: broken)
    result = CliRunner().invoke(main, ["presets"])
    assert result.exit_code == 1
    assert result.output == "Error: Pass another.\n"


def test_faults_of_ours_are_not_hidden(monkeypatch):
    @click.command()
    def broken():
        raise AssertionError("a bug")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: broken)
    result = CliRunner().invoke(main, ["presets"])
    assert isinstance(result.exception, AssertionError)
