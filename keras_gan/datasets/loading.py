"""Load a data set by its name or path."""

import difflib
from pathlib import Path
from typing import Any

from keras_gan._typing import PathLike
from keras_gan.datasets.cifar10 import cifar10
from keras_gan.datasets.coupled import mnist_edges, mnist_negatives
from keras_gan.datasets.emoji import emoji
from keras_gan.datasets.emoji_styles import emoji_styles
from keras_gan.datasets.fashion_mnist import fashion_mnist
from keras_gan.datasets.folder import image_folder
from keras_gan.datasets.idx import idx_folder
from keras_gan.datasets.mixtures import grid, ring
from keras_gan.datasets.mnist import mnist
from keras_gan.datasets.openmoji import openmoji
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.datasets.stacked_mnist import stacked_mnist
from keras_gan.datasets.tfds import tfds

SOURCES = {
    "fashion_mnist": fashion_mnist,
    "mnist": mnist,
    "mnist_edges": mnist_edges,
    "mnist_negatives": mnist_negatives,
    "cifar10": cifar10,
    "emoji": emoji,
    "emoji_styles": emoji_styles,
    "openmoji": openmoji,
    "stacked_mnist": stacked_mnist,
    "ring": ring,
    "grid": grid,
}

MIXTURES = {"ring", "grid"}  # sampled without end, without files and splits


def load(name: PathLike, **kwargs: Any) -> SeededDataset:
    """Load a data set by its name or its path.

    Args:
        name: `"fashion_mnist"`, `"mnist"`, `"cifar10"`, `"emoji"`, `"stacked_mnist"`,
            `"emoji_styles"`, `"openmoji"`, `"mnist_edges"`, `"mnist_negatives"`,
            `"ring"`, `"grid"`; a folder of IDX files or of pictures (`"./mnist"`, if
            the folder has one of these names); or `"tfds:NAME"` for a data set of
            tensorflow-datasets.
        **kwargs: Arguments of the function that loads the data: the function of that
            name, or `idx_folder`, `image_folder` or `tfds`.

    Returns:
        `Batches`, in pairs for the data sets of translation; or a `Mixture` for
        `"ring"` and `"grid"`.

    Raises:
        ValueError: If there is neither such a name nor such a folder.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.load("ring", batch_size=256)
    print(data)
    ```
    """
    name = str(name)
    if name.startswith("tfds:"):
        return tfds(name.removeprefix("tfds:"), **kwargs)
    if name in SOURCES:
        return SOURCES[name](**kwargs)
    folder = Path(name).expanduser()
    if folder.is_dir():
        has_idx = any(folder.glob("*-idx3-ubyte*"))
        return (idx_folder if has_idx else image_folder)(folder, **kwargs)
    near = difflib.get_close_matches(name, SOURCES, n=3)
    hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise ValueError(
        f"There is neither a data set nor a folder {name!r}. {hint}Known names: "
        f"{', '.join(SOURCES)}, tfds:NAME."
    )
