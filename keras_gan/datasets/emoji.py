"""Emoji: 3,786 small colour drawings in two styles, 64 x 64 pixels."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan import array_files
from keras_gan._typing import PathLike
from keras_gan.datasets import npm
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.downloads import keras_home
from keras_gan.datasets.glyphs import base_glyph
from keras_gan.datasets.idx import check_split, split_batches
from keras_gan.datasets.pictures import naming_errors, open_picture, to_mode
from keras_gan.datasets.transforms import map_threads
from keras_gan.files import atomic_write, optional_cache

VERSION = "16.0.0"
SHA256 = {
    "google": "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438",
    "twitter": "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877",
}


def emoji(
    style: str = "google",
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    **options: Any,
) -> Batches:
    """Emoji: 3,786 colour drawings on a white background.

    Both styles have the same glyphs in the same order: picture i of one style has the
    same meaning as picture i of the other. One glyph in ten is in the test split, with
    all its skin tones, genders and directions. So no test picture is a recoloured
    training picture.

    Read from Keras' folder, or downloaded once (60 to 75 MB, of which 10 are kept)
    from the npm package `emoji-datasource-google` or `emoji-datasource-twitter`,
    version 16.0.0. `NPM_CONFIG_REGISTRY` can name another registry than the public one.

    The licences: Google's drawings (Noto Emoji) Apache 2.0; Twitter's (Twemoji)
    CC BY 4.0, which requires attribution.

    Args:
        style: `"google"` or `"twitter"`.
        split: `"train"`, or `"test"`: in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`, the labels being the ten
            categories of Unicode: smileys, food, flags ...
        data_dir: Folder with the package's file, such as
            `emoji-datasource-google-16.0.0.tgz`.
        **options: Further arguments of `Batches`: `batch_size`, `seed`, `augment` ...

    Returns:
        `Batches` of images (batch, 64, 64, 3).

    Raises:
        FileNotFoundError: If there is no copy. The message says how to get one.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.emoji("google", batch_size=64)  # downloads 74 MB, once
    ```
    """
    if style not in SHA256:
        raise ValueError(
            f'`style` must be "google" or "twitter". Received: style={style!r}'
        )
    is_test = check_split(split) == "test"
    images, codes, categories = load_arrays(style, data_dir)
    chosen = np.array([is_held_out(code) for code in codes]) == is_test
    names = sorted(set(categories.tolist()))
    classes = np.searchsorted(names, categories)
    arrays = images[chosen], classes[chosen]
    return split_batches(arrays, split, labels, class_names=names, **options)


def is_held_out(code: str) -> bool:
    """Return whether a glyph is in the test split, like one base glyph in ten."""
    digest = hashlib.sha256(base_glyph(code).encode()).digest()
    return digest[0] * 10 < 256


def load_arrays(
    style: str, data_dir: PathLike | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all images (3786, 64, 64, 3), their codes and their categories."""
    package = f"emoji-datasource-{style}"

    def read():
        return npm.read_package(
            package,
            VERSION,
            SHA256[style],
            lambda path: read_archive(path, style),
            data_dir,
        )

    if data_dir is not None:
        return read()
    cache = keras_home() / "keras_gan" / f"{package}-{VERSION}.npz"
    arrays = read_cache(cache)
    if arrays is None:
        arrays = read()
        with optional_cache(cache):
            write_cache(cache, arrays)
    return arrays


def read_archive(
    path: PathLike, style: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the images, codes and categories from the archive of the package."""
    pictures = f"package/img/{style}/64/"
    files = npm.read_members(path, (pictures, "package/emoji.json"))
    glyphs = json.loads(files.pop("package/emoji.json"))
    category_of = {
        variant["image"]: glyph["category"]
        for glyph in glyphs
        for variant in (glyph, *glyph.get("skin_variations", {}).values())
    }
    files = {Path(name).stem: content for name, content in files.items()}
    codes = sorted(files)
    images = np.stack(map_threads(lambda code: decode(code, files[code]), codes))
    categories = [category_of[f"{code}.png"] for code in codes]
    return images, np.array(codes), np.array(categories)


def decode(code: str, content: bytes) -> np.ndarray:
    """Return a drawing as `uint8` (64, 64, 3), on white."""
    with naming_errors(code), open_picture(io.BytesIO(content)) as picture:
        return np.asarray(to_mode(picture, "RGB"))


def read_cache(path: PathLike) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the arrays of an earlier run, or `None` if there is no complete file."""
    try:
        arrays = array_files.read(path)
        images, codes, categories = (
            arrays[name] for name in ("images", "codes", "categories")
        )
    except (OSError, KeyError, ValueError):
        return None
    is_whole = images.shape == (len(codes), 64, 64, 3) and images.dtype == np.uint8
    is_whole &= codes.shape == categories.shape
    return (images, codes, categories) if is_whole else None


def write_cache(path: Path, arrays: tuple[np.ndarray, ...]) -> None:
    """Write the arrays to a temporary file, then rename it."""
    images, codes, categories = arrays
    with atomic_write(path) as draft:
        np.savez_compressed(draft, images=images, codes=codes, categories=categories)
