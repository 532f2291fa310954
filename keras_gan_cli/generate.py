"""`keras-gan generate`."""

import click

from keras_gan_cli.sources import open_source, source_argument
from keras_gan_cli.types import (
    COUNT,
    codes_option,
    directions_option,
    edits_option,
    label_option,
    output_option,
    psi_option,
    truncation_option,
)


@click.command()
@source_argument
@output_option(
    "generated.png",
    "A .png file for a grid, or a folder for single images; a .csv or .parquet file "
    "for the rows of a table.",
)
@click.option(
    "--num-images",
    "-n",
    type=COUNT,
    default=64,
    show_default=True,
    help="Number of images or rows.",
)
@click.option("--columns", type=click.IntRange(1), help="Columns of the grid.")
@click.option(
    "--seed", type=click.IntRange(0), help="Seed of the latents. Default: a new one."
)
@click.option(
    "--where",
    metavar="COLUMN=VALUE",
    multiple=True,
    help="Of a table, rows with this value only; for numbers also COLUMN=LOW..HIGH.",
)
@label_option
@truncation_option
@psi_option
@codes_option
@edits_option
@directions_option
def generate(
    source,
    output,
    num_images,
    columns,
    seed,
    where,
    label,
    truncation,
    truncation_psi,
    codes,
    edits,
    directions,
):
    """Generate images, or the rows of a table.

    SOURCE is a preset, the folder of a run, or a .keras file.

    Rows: keras-gan generate runs/tabular -n 10000 -o rows.csv
    """
    if output.suffix in (".csv", ".tsv", ".parquet"):
        from keras_gan_cli import table_rows

        table_rows.generate(source, output, num_images, seed, where)
        return
    if where:
        raise click.UsageError("--where is for tables: pass --output rows.csv too.")
    is_grid = output.suffix != ""
    if not is_grid and output.is_dir() and any(output.iterdir()):
        raise ValueError(
            f"The folder {str(output)!r} is not empty, and new images would be mixed "
            "with what is there. Pass another --output."
        )
    gan, _ = open_source(source, directions)
    images = gan.generate(
        num_images,
        seed=seed,
        labels=label,
        truncation=truncation,
        truncation_psi=truncation_psi,
        codes=_cycled(codes, num_images),
        edits=_cycled(edits, num_images),
    )
    if is_grid:
        _write_grid(images, output, columns)
    else:
        _write_files(images, output)


def _cycled(codes, num_images):
    """Return the values of each code, one for each image."""
    import numpy as np

    return {name: np.resize(values, num_images) for name, values in codes}


def _write_grid(images, path, columns):
    from keras_gan import plotting

    if images.ndim == 2:
        plotting.scatter_2d(None, images, path)
    else:
        plotting.image_grid(plotting.to_uint8(images), columns, path=path)
    click.echo(f"{path}: {len(images)} images")


def _write_files(images, folder):
    from keras_gan import plotting

    width = len(str(len(images) - 1))
    for number, image in enumerate(plotting.to_uint8(images)):
        path = folder / f"{number:0{width}}.png"
        plotting.image_grid(image[None], path=path)
    click.echo(f"{folder}: {len(images)} images")
