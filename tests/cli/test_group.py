"""The commands together."""

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from keras_gan_cli import COMMANDS, main
from keras_gan_cli.group import LazyGroup

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def python(code, **environment):
    command = [sys.executable, "-c", f"from keras_gan_cli import main\n{code}"]
    environment = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    )


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"]])
def test_help_needs_neither_keras_nor_tensorflow(arguments):
    code = f"""
import sys
main({arguments!r}, standalone_mode=False)
print(sorted({{"keras_gan", "keras", "tensorflow", "numpy"}} & set(sys.modules)))
"""
    said = python(code).stdout
    assert said.startswith("Usage:")
    assert said.splitlines()[-1] == "[]"


def test_version():
    shown = CliRunner().invoke(main, ["--version"])
    number = re.fullmatch(r"keras-gan, version (\S+)\n", shown.output)[1]
    assert number == importlib.metadata.version("keras-gan")
    root = Path(__file__).parents[2]
    for name, line in {
        "keras_gan/_version.py": f'__version__ = "{number}"',
        "CITATION.cff": f"version: {number}",
        "CHANGELOG.md": f"## {number}",
    }.items():
        assert line in (root / name).read_text(encoding="utf-8"), name


def test_the_log_of_tensorflow_is_turned_down():
    result = python("main(['presets'], standalone_mode=False)")
    assert "dcgan_fashion_mnist" in result.stdout
    assert "rebuild TensorFlow" not in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    command = getattr(importlib.import_module(f"keras_gan_cli.{name}"), name)
    assert len(command.help) > 30


def test_the_help_lists_all_commands():
    said = CliRunner().invoke(main, ["--help"]).output
    for name, summary in COMMANDS.items():
        assert name in said
        assert summary in " ".join(said.split())


def test_an_unknown_command_is_refused():
    result = CliRunner().invoke(main, ["tran"])
    assert result.exit_code == 2
    assert "No such command 'tran'" in result.output


@pytest.mark.parametrize("error", [ValueError, FileNotFoundError, ImportError])
def test_user_errors_have_no_traceback(error, monkeypatch):
    @click.command()
    def broken():
        raise error("Pass another.")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: broken)
    result = CliRunner().invoke(main, ["presets"])
    assert result.exit_code == 1
    assert result.output == "Error: Pass another.\n"
