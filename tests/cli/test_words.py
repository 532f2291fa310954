"""Errors and warnings in the words of the command line."""

import warnings

import click
import pytest
from click.testing import CliRunner

from keras_gan_cli import main
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
