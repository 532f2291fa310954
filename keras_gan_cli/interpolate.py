"""`keras-gan interpolate`."""

import click

from keras_gan_cli.sources import open_source, source_argument
from keras_gan_cli.types import label_option, output_option, truncation_option


@click.command()
@source_argument
@output_option("walk.gif", ".gif, .webp or .apng for an animation, .png for a strip.")
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Number of walks shown together.",
)
@click.option(
    "--keys",
    type=click.IntRange(2),
    help="Random latents on each walk. Default: 4, or 2 for a strip.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Steps between two of them. Default: 16, or 8 for a strip.",
)
@click.option(
    "--fps",
    type=click.FloatRange(1, 50),
    default=16.0,
    show_default=True,
    help="Frames per second.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Seed of the latents.",
)
@label_option
@truncation_option
def interpolate(source, output, rows, keys, steps, fps, seed, label, truncation):
    """Interpolate in latent space: along great circles, or straight in a cube.

    SOURCE is a preset, the folder of a run, or a .keras file. An animation ends where
    it began; a strip does not.
    """
    from keras_gan import plotting

    plotting.check_suffix(output)
    is_strip = output.suffix == ".png"
    keys, steps = keys or (2 if is_strip else 4), steps or (8 if is_strip else 16)
    gan, _ = open_source(source)
    if label is None and gan.num_classes:
        label = 0
    latents = gan.prior.sample(rows * keys, seed=seed)
    if truncation is not None:
        latents = gan.prior.truncate(latents, truncation)
    images = _walks(gan, latents, rows, steps, label, loop=not is_strip)
    num_steps = images.shape[1]
    if is_strip:
        sheet = images.reshape(-1, *images.shape[2:])
        plotting.image_grid(sheet, num_steps, path=output)
    else:
        frames = [plotting.image_grid(frame) for frame in images.swapaxes(0, 1)]
        plotting.animate(frames, output, fps)
    click.echo(f"{output}: {num_steps} steps")


def _walks(gan, latents, rows, steps, label, loop):
    """Return the images of all walks: `(rows, num_steps, height, width, channels)`."""
    import keras
    import numpy as np

    from keras_gan import plotting
    from keras_gan.latents import walk

    keys = keras.ops.convert_to_numpy(latents).reshape(rows, -1, gan.prior.latent_dim)
    method = gan.prior.interpolation
    walks = np.stack([walk(each, steps, method, loop) for each in keys])
    images = gan.synthesize(
        walks.reshape(-1, gan.prior.latent_dim),
        None if label is None else np.full(walks.shape[0] * walks.shape[1], label),
    )
    if images.ndim != 4:
        raise ValueError(
            f"This generator makes no images, but data of shape {images.shape[1:]}. "
            "Only images can be shown as a walk."
        )
    return plotting.to_uint8(images).reshape(*walks.shape[:2], *images.shape[1:])
