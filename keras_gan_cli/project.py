"""`keras-gan project`."""

from pathlib import Path

import click

from keras_gan_cli.sources import open_source, source_argument
from keras_gan_cli.types import COUNT, UserPath, on_error_option, output_option


@click.command()
@source_argument
@click.argument(
    "pictures",
    metavar="PICTURE...",
    nargs=-1,
    required=True,
    type=UserPath(exists=True, path_type=Path),
)
@output_option("projected", "Folder of the results.")
@click.option(
    "--space",
    type=click.Choice(["z", "w", "w+"]),
    help="Latents; w of generators with a mapping network; or w+, a w for each layer. "
    "Default: w where there is one.",
)
@click.option(
    "--steps", type=COUNT, default=600, show_default=True, help="Steps of each start."
)
@click.option(
    "--starts",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Latents that are moved towards each picture.",
)
@click.option(
    "--perceptual-weight",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Weight of the distance of ImageNet features, such as 0.3 for drawings.",
)
@click.option("--label", type=click.IntRange(0), help="Class of all pictures, from 0.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Of the starts.",
)
@click.option(
    "--crop",
    type=click.Choice(["center", "stretch"]),
    default="center",
    show_default=True,
    help="How pictures of another aspect ratio get to the size of the generator.",
)
@on_error_option
@click.option("--overwrite", is_flag=True, help="Replace results that exist.")
def project(source, pictures, output, crop, on_error, label, overwrite, **options):
    """Find the latents whose images are nearest to pictures.

    SOURCE is a preset, the folder of a run, or a .keras file. A PICTURE is a file or a
    folder of them; it is resized to the size of the generator, and read as grey or
    colour as the generator needs it.

    The output folder gets `pairs.png`, each picture over its nearest image;
    `latents.npz`; and `errors.csv`, with the error of each.
    """
    from keras_gan import latents, plotting

    paths = _find(pictures)
    if output.is_dir() and any(output.iterdir()) and not overwrite:
        raise ValueError(
            f"The folder {str(output)!r} is not empty. Pass another --output, or "
            "--overwrite."
        )
    sampler, _ = open_source(source)
    paths, images = _read(paths, sampler.image_shape, crop, on_error == "skip")
    found = latents.project(sampler, images, labels=label, verbose=True, **options)
    output.mkdir(parents=True, exist_ok=True)
    _draw_pairs(images, plotting.to_uint8(found.images), output / "pairs.png")
    found.save(output / "latents.npz")
    _write_errors(paths, found, output / "errors.csv")
    for path, psnr in zip(paths[:20], found.psnr, strict=False):
        click.echo(f"{path}: {psnr:.1f} dB")
    click.echo(
        f"{output}: {len(paths)} pictures in {found.space}, between "
        f"{found.psnr.min():.1f} and {found.psnr.max():.1f} dB"
    )


def _find(pictures):
    """Return the files that are named, and those in folders that are named."""
    from keras_gan.datasets.finding import find_pictures

    paths = []
    for path in pictures:
        is_folder = path.is_dir()
        paths += map(Path, find_pictures(path).paths) if is_folder else [path]
    return paths


def _read(paths, shape, crop, skip):
    """Return which pictures can be read, and them in the size of a generator, uint8."""
    import warnings

    import numpy as np

    from keras_gan.datasets.pictures import Reader, UnreadablePicture

    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise ValueError(
            f"The generator makes data of the shape {shape}. Pictures are read with 1 "
            "channel, grey, or 3, colour."
        )
    *size, channels = shape
    reader = Reader(channels, tuple(size), None if crop == "stretch" else crop)
    images = {}
    for path in paths:
        try:
            images[path] = reader(path)
        except UnreadablePicture as error:
            if not skip:
                raise ValueError(f"A picture cannot be read: {error}") from error
            warnings.warn(f"{path} is left out: {error.reason}", stacklevel=2)
    if not images:
        raise ValueError(f"None of {len(paths)} pictures can be read.")
    return list(images), np.stack(list(images.values()))


def _draw_pairs(images, made, path, num_columns=16):
    """Draw rows of pictures, each over the row of what was found."""
    import numpy as np

    from keras_gan import plotting

    rows = []
    for start in range(0, len(images), num_columns):
        for each in (images, made):
            row = each[start : start + num_columns]
            missing = (num_columns if len(images) > num_columns else len(row)) - len(
                row
            )
            rows.append(
                np.concatenate([row, np.zeros_like(row[:1]).repeat(missing, 0)])
            )
    plotting.image_grid(np.concatenate(rows), len(rows[0]), path=path)


def _write_errors(paths, found, path):
    import csv

    from keras_gan.files import atomic_write

    with atomic_write(path) as draft, open(draft, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["picture", "psnr", "mse"])
        for name, psnr, mse in zip(paths, found.psnr, found.mse, strict=True):
            rows.writerow([name, f"{psnr:.3f}", f"{mse:.6f}"])
