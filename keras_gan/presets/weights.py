"""Trained generators: where they lie, how they are read and written.

A folder `savedmodels/NAME/1/` is a SavedModel for servers. Its `assets.extra/` holds
the same weights for Keras, on any backend: `generator.npz`, named arrays in half
precision where that draws the same pictures. A wheel brings these alone, inside the
package.
"""

import os
from pathlib import Path

import numpy as np

from keras_gan import checkpoints
from keras_gan.files import atomic_write

FILE = "assets.extra/generator.npz"

# The side of the pictures for a translator of any size.
SIDE = 64


def search_paths() -> list[Path]:
    """Return the folders in which `savedmodels` is looked for."""
    given = os.environ.get("KERAS_GAN_HOME")
    package = Path(__file__).resolve().parents[1]
    installed = [package.parent, package]  # a checkout, and a wheel
    return [*([Path(given).expanduser()] if given else []), *installed]


def find(name):
    """The newest version of a trained generator, or None.

    Args:
        name: str, of the preset.

    Returns:
        The `pathlib.Path` of `savedmodels/NAME/VERSION`.
    """
    for path in search_paths():
        folder = path / "savedmodels" / name
        numbered = [path for path in folder.glob("*") if path.name.isdecimal()]
        versions = [path for path in numbered if (path / FILE).is_file()]
        if versions:
            return max(versions, key=lambda path: int(path.name))
    return None


def read(model, folder, name: str = "generator"):
    """Give a generator the weights of a version's folder.

    Args:
        model: the generator, or another network that was written.
        folder: the version's folder.
        name: str, of the network, such as `"encoder"`.

    Raises:
        ValueError: if the folder does not hold the network, or another one.
    """
    path = _path(folder, name)
    if not path.is_file():
        raise ValueError(f"{str(path)!r} is missing: the {name} was not kept.")
    variables = checkpoints.named({name: model})
    checkpoints.assign_file(variables, path, "Fetch it again from where you got it.")


def write(model, folder, half, name: str = "generator"):
    """Write a generator's weights into a version's folder.

    Args:
        model: the generator, or another network.
        folder: the version's folder, which a SavedModel was written to.
        half: bool, whether in float16.
        name: str, of the network.
    """
    arrays = checkpoints.arrays_of(checkpoints.named({name: model}))
    if half:
        arrays = {name: rounded(array) for name, array in arrays.items()}
    path = _path(folder, name)
    with atomic_write(path) as draft:
        np.savez_compressed(draft, **arrays)


def _path(folder, name):
    return (Path(folder) / FILE).with_name(f"{name}.npz")


def rounded(array):
    """Floating-point numbers in half precision; others as they are."""
    return array.astype("float16") if array.dtype == "float32" else array


def survives_halving(sampler, num_images: int = 256) -> bool:
    """Whether half precision draws the same pictures, within 1/255.

    Args:
        sampler: the `Sampler`. Its weights are changed and put back.
        num_images: int, how many pictures to compare; a translator gets noise.
    """
    model = sampler.network
    kept = model.get_weights()
    before = _pictures(sampler, num_images)
    try:
        model.set_weights([rounded(array).astype(array.dtype) for array in kept])
        after = _pictures(sampler, num_images)
    finally:
        model.set_weights(kept)
    return bool(np.abs(after - before).max() <= 2 / 255)


def _pictures(sampler, num_images):
    if sampler.prior is not None:
        return sampler.generate(num_images, seed=0)
    height, width, channels = sampler.condition.shape
    shape = (num_images, height or SIDE, width or SIDE, channels)
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype="uint8")
    return sampler.translate(noise)
