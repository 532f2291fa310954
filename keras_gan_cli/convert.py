"""`keras-gan convert`."""

from pathlib import Path

import click

from keras_gan_cli.types import SIZE, UserPath


@click.command()
@click.argument("file", type=UserPath(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=UserPath(path_type=Path),
    help="File for the Keras model, which ends in .keras.",
)
@click.option(
    "--savedmodel",
    type=UserPath(path_type=Path),
    help="Folder for a SavedModel of a generator.",
)
@click.option("--part", help="Network of a file that holds several, such as G_ema.")
@click.option(
    "--size",
    type=SIZE,
    help="Size of the images: 64 or HEIGHTxWIDTH. Default: any that the network takes.",
)
@click.option(
    "--condition-channels",
    type=click.IntRange(0),
    help="Channels of the images that were translated, among those of a discriminator.",
)
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
def convert(file, output, savedmodel, part, size, condition_channels, overwrite):
    """Convert published weights in FILE to a Keras model.

    FILE is a state dict: .pth, .pt, .safetensors or .npz, of CycleGAN, pix2pix, R3GAN
    or StyleGAN2-ADA. What it is, is recognised. A file that could run code is refused.
    """
    import keras_gan

    if output is None and savedmodel is None:
        raise ValueError("There is nothing to write. Pass `output` or `savedmodel`.")
    if output is not None:
        _check_output(output, overwrite)
    network = keras_gan.convert.convert(
        file, part, size=size, condition_channels=condition_channels
    )
    shapes = [tuple(tensor.shape) for tensor in network.inputs]
    click.echo(
        f"{network.name}: {', '.join(map(str, shapes))} to {network.output_shape}, "
        f"{network.count_params():,} parameters"
    )
    if output is not None:
        network.save(output)
        click.echo(f"Written to {output}")
    if savedmodel is not None:
        path = keras_gan.convert.sampler(network).export(savedmodel)
        click.echo(f"Written to {path}")


def _check_output(output, overwrite):
    if output.suffix != ".keras":
        raise ValueError(f"`output` must end in .keras. Received: {str(output)!r}")
    if output.exists() and not overwrite:
        raise ValueError(
            f"{str(output)!r} exists. Pass `overwrite=True` to replace it."
        )
