"""`keras-gan presets`."""

import json

import click


@click.command()
@click.argument("name", required=False)
def presets(name):
    """List the presets, or show the settings of one as JSON."""
    from keras_gan import presets as zoo

    if name is not None:
        click.echo(json.dumps(zoo.get(name).to_dict(), indent=2))
        return
    rows = [_row(zoo.get(each)) for each in zoo.names()]
    header = ("PRESET", "DATA", "IMAGES", "WEIGHTS", "")
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
    click.echo("\nTrain one: keras-gan train NAME. Those without data need --data.")


def _row(preset):
    return (
        preset.name,
        preset.dataset or "yours",
        f"{preset.num_images:,}",
        "trained" if preset.trained else "-",
        preset.description,
    )
