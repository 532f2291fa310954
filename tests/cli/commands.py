"""Commands as a user gives them."""

import numpy as np
from click.testing import CliRunner
from PIL import Image

from keras_gan_cli import main


def run(*arguments):
    """What a command says and how it ends."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def succeed(*arguments):
    """What a command says that does what it should."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def fail(*arguments):
    """The error of a command: one paragraph, and no traceback."""
    result = run(*arguments)
    assert result.exit_code in (1, 2), result.output
    assert "Traceback" not in result.output
    return " ".join(result.output[result.output.index("Error:") :].split())


def pixels_of(path):
    """The bytes of a picture."""
    with Image.open(path) as picture:
        return np.asarray(picture)
