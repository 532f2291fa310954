"""Errors and warnings in the words of the command line."""

import ast
import importlib
import pathlib
import re
import warnings

import click
import pytest
from click.testing import CliRunner

import keras_gan_cli
from keras_gan_cli import COMMANDS, main
from keras_gan_cli.group import LazyGroup
from keras_gan_cli.words import as_typed

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

OPTIONS = {"--overwrite", "--version", "--num-images", "--label", "--cache"}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Pass `overwrite=True` to replace it.", "Pass --overwrite to replace it."),
        ("Leave `version` out, or pass it.", "Leave --version out, or pass it."),
        ("Received: num_images=0", "Received: --num-images 0"),
        ("`labels` must be below 3.", "--label must be below 3."),
        ("Pass cache=FOLDER to keep them.", "Pass --cache FOLDER to keep them."),
        ('Leave it out: `cache="skip"`.', "Leave it out: --cache skip."),
        ("Pass cache=None, or `ema`.", "Pass cache=None, or `ema`."),
        ("a == b, and http://x/?version=3", "a == b, and http://x/?version=3"),
    ],
)
def test_arguments_are_written_as_options(message, expected):
    assert as_typed(message, OPTIONS) == expected


def fails(error, monkeypatch):
    @click.command()
    @click.option("--overwrite", is_flag=True)
    def broken(overwrite):
        raise error

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: broken)
    result = CliRunner().invoke(main, ["presets"])
    assert result.exit_code == 1
    return result.output


def test_an_error_names_the_options_of_its_command(monkeypatch):
    said = fails(ValueError("Pass `overwrite=True`."), monkeypatch)
    assert said == "Error: Pass --overwrite.\n"


def test_an_unexpected_error_is_short_and_says_how_to_see_more(monkeypatch):
    said = fails(KeyError("kernel"), monkeypatch)
    assert said.startswith("Error: KeyError: 'kernel'\nThis is unexpected.")
    monkeypatch.setenv("KERAS_GAN_TRACEBACK", "1")
    with pytest.raises(KeyError):
        CliRunner().invoke(main, ["presets"], catch_exceptions=False)


def test_a_warning_is_a_line(monkeypatch):
    @click.command()
    def warned():
        said = warnings.formatwarning("The disk is full.", UserWarning, "files.py", 1)
        click.echo(said, nl=False)

    before = warnings.formatwarning
    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: warned)
    said = CliRunner().invoke(main, ["presets"]).output
    assert said == "Warning: The disk is full.\n"
    assert warnings.formatwarning is before


def test_nobody_reads(monkeypatch):
    assert fails(BrokenPipeError(32, "Broken pipe"), monkeypatch) == ""


# Options of other programs: pip, tf2onnx, tensorflow_model_server.
OTHERS = {"--no-deps", "--tag", "--signature_def", "--saved-model", "--output"}


def strings(path):
    """The texts in a module: its string literals, docstrings included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_messages_name_options_that_exist():
    known = {"--help"} | OTHERS
    for name in COMMANDS:
        command = importlib.import_module(f"keras_gan_cli.{name}")
        known |= {o for p in getattr(command, name).params for o in p.opts}
    root = pathlib.Path(keras_gan_cli.__file__).parents[1]
    paths = [*root.glob("keras_gan/**/*.py"), *root.glob("keras_gan_cli/*.py")]
    found = {
        (path.name, option)
        for path in paths
        for text in strings(path)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z_-]*", text)
        if "tensorflow_model_server" not in path.read_text()
    }
    assert {each for each in found if each[1] not in known} == set()
    assert len(found) > 20
