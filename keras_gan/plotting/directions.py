"""What each direction in latent space does, as a table of images."""

import os
from collections.abc import Sequence

import numpy as np
from keras import ops
from PIL import Image

from keras_gan.plotting.grid import image_grid

AMOUNTS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


def direction_grid(
    sampler,
    directions,
    latents=None,
    amounts: Sequence[float] = AMOUNTS,
    labels: int | None = None,
    padding: int = 2,
    path: str | os.PathLike | None = None,
) -> Image.Image:
    """Draw images whose latents move along directions: a row for each.

    Below each other are all directions of the first latent, then those of the second.

    Args:
        sampler: a `keras_gan.GAN` or `keras_gan.Sampler`.
        directions: `keras_gan.latents.Directions` of its z or w.
        latents: float array or tensor `(num_latents, dim)`, of z or of w as the
            directions are; None for the one of seed 0.
        amounts: floats, one for each column, in standard deviations.
        labels: int, the class of all images, for class-conditional networks.
        padding: int, pixels between neighbours.
        path: file to save to, or None; its suffix gives the format.

    Returns:
        A `PIL.Image.Image`.

    Raises:
        ValueError: on latents that are not those of the directions.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    directions = keras_gan.latents.closed_form(sampler, num_directions=4)
    keras_gan.plotting.direction_grid(sampler, directions, path="directions.png")
    ```
    """
    sampler = getattr(sampler, "sampler", sampler)
    if labels is None and sampler.num_classes:
        labels = 0
    if latents is None:
        latents = sampler.prior.sample(1, seed=0)
        if directions.space == "w":
            latents = sampler.map(latents, _each(labels, 1))
    latents = np.asarray(ops.convert_to_numpy(latents), "float32")
    cells = np.stack(
        [
            [directions.edit(latents, name, amount) for amount in amounts]
            for name in directions.names
        ]
    )  # (directions, amounts, latents, dim)
    points = np.moveaxis(cells, 2, 0).reshape(-1, *latents.shape[1:])
    if directions.space == "w":
        images = sampler.synthesize(w=points)
    else:
        images = sampler.synthesize(points, _each(labels, len(points)))
    return image_grid(images, num_columns=len(amounts), padding=padding, path=path)


def _each(labels, number):
    return None if labels is None else np.full(number, labels)
