"""`keras-gan interpolate`."""

import click

from keras_gan_cli.sources import open_source, source_argument
from keras_gan_cli.types import (
    label_option,
    output_option,
    psi_option,
    truncation_option,
)


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
@click.option(
    "--space",
    type=click.Choice(["z", "w"]),
    default="z",
    show_default=True,
    help="Latents, or, of generators with a mapping network, what it makes of them.",
)
@label_option
@truncation_option
@psi_option
def interpolate(
    source,
    output,
    rows,
    keys,
    steps,
    fps,
    seed,
    space,
    label,
    truncation,
    truncation_psi,
):
    """Interpolate in latent space: along great circles, or straight in a cube or in w.

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
    points, method, draw = _space(gan, latents, space, label, truncation_psi)
    images = _walks(points, rows, steps, method, not is_strip, draw)
    num_steps = images.shape[1]
    if is_strip:
        sheet = images.reshape(-1, *images.shape[2:])
        plotting.image_grid(sheet, num_steps, path=output)
    else:
        frames = [plotting.image_grid(frame) for frame in images.swapaxes(0, 1)]
        plotting.animate(frames, output, fps)
    click.echo(f"{output}: {num_steps} steps")


def _space(gan, latents, space, label, psi):
    """Return the points to walk between, how, and a function from points to images."""

    def labels(points):
        return None if label is None else [label] * len(points)

    def from_z(points):
        if psi is None:
            return gan.synthesize(points, labels(points))
        w = gan.map(points, labels(points), truncation_psi=psi)
        return gan.synthesize(w=w)

    if space == "z":
        return latents, gan.prior.interpolation, from_z
    w = gan.map(latents, labels(latents), truncation_psi=psi)
    return w, "linear", lambda points: gan.synthesize(w=points)


def _walks(points, rows, steps, method, loop, draw):
    """Return the images of all walks: `(rows, num_steps, height, width, channels)`."""
    import keras
    import numpy as np

    from keras_gan import plotting
    from keras_gan.latents import walk

    points = keras.ops.convert_to_numpy(points)
    keys = points.reshape(rows, -1, points.shape[-1])
    walks = np.stack([walk(each, steps, method, loop) for each in keys])
    images = draw(walks.reshape(-1, points.shape[-1]))
    if images.ndim != 4:
        raise ValueError(
            f"This generator makes no images, but data of shape {images.shape[1:]}. "
            "Only images can be shown as a walk."
        )
    return plotting.to_uint8(images).reshape(*walks.shape[:2], *images.shape[1:])
