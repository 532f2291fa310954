"""Parameter types, and options of several commands."""

import os
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click


class Count(click.ParamType):
    """Parse a positive integer, also written as `200k` or `1.5M`."""

    name = "number"

    def convert(self, value, param, ctx):
        if isinstance(value, int):
            return value
        text = value.replace("_", "").lower()
        factor = {"k": 1_000, "m": 1_000_000}.get(text[-1:], 1)
        try:
            number = Decimal(text if factor == 1 else text[:-1]) * factor
            is_count = 1 <= number < 2**53 and number % 1 == 0
        except InvalidOperation:  # also of a comparison with NaN
            is_count = False
        if not is_count:
            self.fail(f"{value!r} is not a number such as 5000, 200k or 1.5M.")
        return int(number)


class Size(click.ParamType):
    """Parse `64` or `HEIGHTxWIDTH` as a pair of integers."""

    name = "pixels"

    def convert(self, value, param, ctx):
        if not isinstance(value, str):
            return value
        sides = value.lower().split("x")
        sides = sides * 2 if len(sides) == 1 else sides
        if len(sides) != 2 or not all(side.isdecimal() and int(side) for side in sides):
            self.fail(f"{value!r} is neither one number nor HEIGHTxWIDTH.")
        return [int(side) for side in sides]


class UserPath(click.Path):
    """A path in which `~` is the home folder, as also where a shell left it."""

    def convert(self, value, param, ctx):
        return super().convert(_at_home(value), param, ctx)


class PathOrName(click.ParamType):
    """The path of a folder or file, or the name of what the library knows."""

    name = "text"

    def convert(self, value, param, ctx):
        return _at_home(value)


def _at_home(value):
    return os.path.expanduser(value) if isinstance(value, str) else value


class Code(click.ParamType):
    """Parse `NAME=VALUE` or `NAME=VALUE,VALUE` as a name and a list of numbers."""

    name = "NAME=VALUE"

    def convert(self, value, param, ctx):
        if not isinstance(value, str):
            return value
        name, separator, text = value.partition("=")
        try:
            numbers = [self._number(word) for word in text.split(",")]
        except ValueError:
            numbers = []
        if not separator or not name or not numbers:
            self.fail(f"{value!r} is not NAME=VALUE, such as category=3 or code_1=0.5.")
        return name.strip(), numbers

    @staticmethod
    def _number(word):
        try:
            return int(word)
        except ValueError:
            return float(word)


COUNT, SIZE, PATH_OR_NAME, CODE = Count(), Size(), PathOrName(), Code()

on_error_option = click.option(
    "--on-error",
    type=click.Choice(["raise", "skip"]),
    default="raise",
    show_default=True,
    help="On pictures that cannot be read: stop and name the first, or leave them out "
    "with a warning.",
)

label_option = click.option(
    "--label", type=click.IntRange(0), help="Class of the images, from 0."
)

truncation_option = click.option(
    "--truncation",
    type=float,
    help="Less diverse, more typical images: how much of the prior to keep; for a "
    "normal prior in standard deviations, such as 1.5.",
)

psi_option = click.option(
    "--truncation-psi",
    type=float,
    help="The same by another way, for generators with a mapping network, such as "
    "StyleGAN2: 1 for none, 0.7 for more typical images, 0 for the mean image.",
)

codes_option = click.option(
    "--codes",
    type=CODE,
    multiple=True,
    help="Value of a code, for generators with codes, such as InfoGAN: category=3. "
    "Several values, category=0,1,2, follow each other. May be repeated.",
)

edits_option = click.option(
    "--edits",
    type=CODE,
    multiple=True,
    help="Amount to move along a direction, in standard deviations: thickness=2. "
    "Several amounts, thickness=-2,0,2, follow each other. May be repeated.",
)

directions_option = click.option(
    "--directions",
    type=UserPath(exists=True, dir_okay=False, path_type=Path),
    help="File of directions in latent space, which `directions.save` wrote. Default: "
    "those beside the model.",
)


def output_option(default: str, help: str):
    """Return the option `--output`.

    Args:
        default: str, the default path.
        help: str, its line in the help.
    """
    return click.option(
        "--output",
        "-o",
        type=UserPath(path_type=Path),
        default=default,
        show_default=True,
        help=help,
    )


def given_data(data: tuple[str, ...], more: tuple[str, ...]):
    """Return what was passed as data: None, a path or name, or a list of them.

    An option takes one value, so of `PRESET --data photos paintings` the parser leaves
    the second folder beside the preset.

    Args:
        data: the values of `--data`, which may be repeated.
        more: arguments behind the first.

    Raises:
        click.UsageError: if there are more arguments, and no `--data`.
    """
    if more and not data:
        raise click.UsageError(f"Unexpected: {' '.join(more)}. Folders are for --data.")
    data = [*data, *more]
    return data if len(data) > 1 else data[0] if data else None
