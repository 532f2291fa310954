"""`keras-gan export`."""

from pathlib import Path

import click

from keras_gan_cli.sources import (
    direction_option,
    open_export,
    preset_of,
    source_argument,
)
from keras_gan_cli.types import UserPath, directions_option

FORMATS = {"savedmodel": "", "onnx": ".onnx", "litert": ".tflite", "openvino": ".xml"}


@click.command()
@source_argument
@click.argument("output", type=UserPath(path_type=Path))
@click.option(
    "--format",
    "chosen",
    type=click.Choice(list(FORMATS)),
    help="Default: by the suffix of OUTPUT; savedmodel without one.",
)
@click.option(
    "--version",
    type=click.IntRange(1),
    help="Version of a SavedModel. Default: the next free number.",
)
@click.option("--overwrite", is_flag=True, help="Replace an existing version or file.")
@direction_option
@directions_option
def export(source, output, chosen, version, overwrite, direction, directions):
    """Export the generator of SOURCE to OUTPUT.

    SOURCE is a preset, the folder of a run, or a .keras file. OUTPUT is a file, or
    the folder of a SavedModel, savedmodels/NAME, which gets a subfolder for each
    version.
    """
    if chosen is None:
        chosen = next((f for f, s in FORMATS.items() if s == output.suffix), None)
    if chosen is None or FORMATS[chosen] not in ("", output.suffix):
        suffixes = ", ".join(s for s in FORMATS.values() if s)
        raise ValueError(
            f"The suffix of {str(output)!r} does not fit. A SavedModel is a folder; "
            f"the other formats are files that end in {suffixes}."
        )
    if directions is not None and chosen != "savedmodel":
        raise click.UsageError("--directions are inputs of a SavedModel only.")
    write, run = open_export(source, direction, directions)
    if chosen == "savedmodel":
        preset = preset_of(source, run)
        card = {} if preset is None else {"preset": preset.to_dict()}
        if run is not None and run.results():
            card["metrics"] = run.results()
        path = write(output, version=version, overwrite=overwrite, card=card)
    else:
        path = write(output, version=version, overwrite=overwrite, format=chosen)
    click.echo(f"Written to {path}")
