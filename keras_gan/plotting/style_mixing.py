"""What each layer's w decides: images whose layers take w of two sources."""

import os
from collections.abc import Sequence

import numpy as np
from PIL import Image

from keras_gan.plotting.grid import image_grid
from keras_gan.validation import arguments


def style_mixing(
    sampler,
    rows,
    columns,
    layers: Sequence[int] = (0, 1, 2, 3),
    labels: int | None = None,
    truncation_psi: float | None = None,
    padding: int = 2,
    path: str | os.PathLike | None = None,
) -> Image.Image:
    """Draw a table of images that take some layers' w from their column.

    The left column shows the images of `rows`, the top row those of `columns`. A cell
    has the w of its row in all layers but `layers`, which have the w of its column.
    The coarse layers, from 0, decide shape and pose; the last ones decide colours.

    Args:
        sampler: a `keras_gan.GAN` or `keras_gan.Sampler` whose generator has a mapping
            network, such as `keras_gan.architectures.StyleGenerator`.
        rows: float array or tensor `(num_rows, latent_dim)`, latents.
        columns: likewise, `(num_columns, latent_dim)`.
        layers: ints, the layers that take the w of the column, from 0, the coarsest.
        labels: int, the class of all images, for class-conditional networks.
        truncation_psi: float, to move all w towards their mean; None for not at all.
        padding: int, pixels between neighbours.
        path: file to save to, or None; its suffix gives the format.

    Returns:
        A `PIL.Image.Image`.

    Raises:
        ValueError: if the generator has no mapping network, or not those layers.

    Example:

    ```python
    networks = keras_gan.architectures.stylegan2((16, 16, 3), width=8)
    gan = keras_gan.GAN(*networks)
    rows, columns = gan.prior.sample(3, seed=0), gan.prior.sample(5, seed=1)
    keras_gan.plotting.style_mixing(gan, rows, columns, layers=(0, 1), path="mix.png")
    ```

    Karras et al. 2018, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", arXiv:1812.04948.
    """
    sampler = getattr(sampler, "sampler", sampler)
    of_rows, of_columns = (
        sampler.map(latents, labels, truncation_psi=truncation_psi)
        for latents in (rows, columns)
    )
    num_ws = sampler.network.num_ws
    for layer in layers:
        if arguments.integer("layers", layer, at_least=0) >= num_ws:
            raise ValueError(
                f"`layers` must be from 0 to {num_ws - 1}, for this generator has "
                f"{num_ws} layers that take a w. Received: {layer}"
            )
    takes_column = np.isin(np.arange(num_ws), layers)[:, None]  # (num_ws, 1)
    mixed = np.where(takes_column, of_columns[None, :, None], of_rows[:, None, None])
    cells = sampler.synthesize(w=mixed.reshape(-1, *mixed.shape[2:]))
    cells = cells.reshape(*mixed.shape[:2], *cells.shape[1:])
    left, top = sampler.synthesize(w=of_rows), sampler.synthesize(w=of_columns)
    table = np.concatenate([left[:, None], cells], axis=1)
    corner = np.ones_like(top[:1])
    table = np.concatenate([np.concatenate([corner, top])[None], table])
    sheet = table.reshape(-1, *table.shape[2:])
    return image_grid(sheet, num_columns=len(top) + 1, padding=padding, path=path)
