"""OpenMoji: outlines and coloured drawings of the same emoji."""

import collections
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan import array_files
from keras_gan._typing import PathLike
from keras_gan.datasets import npm
from keras_gan.datasets.downloads import keras_home
from keras_gan.datasets.emoji_styles import has_skin_tone, is_held_out
from keras_gan.datasets.idx import check_split
from keras_gan.datasets.pairs import PairedBatches, pairs
from keras_gan.datasets.pictures import naming_errors, open_picture, to_mode
from keras_gan.datasets.transforms import map_threads
from keras_gan.files import atomic_write, optional_cache
from keras_gan.validation import arguments

PACKAGE, VERSION = "openmoji", "17.0.0"
SHA256 = "55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68"
FOLDERS = {"outlines": "package/black/svg/", "colours": "package/color/svg/"}


def openmoji(
    split: str = "train",
    size: int = 64,
    data_dir: PathLike | None = None,
    shared_outlines: bool = False,
    **options: Any,
) -> PairedBatches:
    """OpenMoji: pairs of an outline and a coloured drawing, on white.

    Drawings with a skin tone are left out. One in ten is in the test split, by the MD5
    digest of its code, in capitals. Of every six drawings one has an outline that
    another has too, nearly all of them flags, whose outlines are an empty rectangle:
    their colours do not follow from it, and they are left out as well.

    Read from Keras' folder. Otherwise the npm package `openmoji`, version 17.0.0, is
    downloaded (4 MB), and its vector drawings are rendered, once for each size. That
    takes a minute and needs `pip install keras_gan[openmoji]`. `NPM_CONFIG_REGISTRY`
    can name another registry than the public one.

    The licence: CC BY-SA 4.0, which requires attribution, and the same licence for
    what is made of the drawings.

    Args:
        split: `"train"`, or `"test"`: in order, with nothing dropped.
        size: Height and width in pixels.
        data_dir: Folder with the package's file, `openmoji-17.0.0.tgz`.
        shared_outlines: Whether to keep the drawings, such as flags, whose outline
            is that of another one.
        **options: Further arguments of `PairedBatches`: `batch_size`, `seed`,
            `augment` ...

    Returns:
        `PairedBatches` of outlines and drawings, both (batch, size, size, 3).

    Raises:
        FileNotFoundError: If there is no copy. The message says how to get one.
        ImportError: If the drawings must be rendered, and resvg-py is missing.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.openmoji(batch_size=16, augment=datasets.horizontal_flip)
    outlines, drawings = data[0]
    ```
    """
    is_test = check_split(split) == "test"
    outlines, colours, codes = load_arrays(size, data_dir)
    chosen = np.array([is_held_out(code) == is_test for code in codes])
    if not shared_outlines:
        chosen &= ~is_repeated(outlines)
    defaults = {"shuffle": not is_test, "drop_remainder": not is_test}
    return pairs(outlines[chosen], colours[chosen], **defaults | options)


def is_repeated(images: np.ndarray) -> np.ndarray:
    """Return of each image whether another one is equal to it, bools (n,)."""
    contents = [image.tobytes() for image in images]
    counts = collections.Counter(contents)
    return np.array([counts[content] > 1 for content in contents])


def load_arrays(
    size: int, data_dir: PathLike | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all outlines and drawings (n, size, size, 3), and their codes."""
    size = arguments.integer("size", size, at_least=8)
    cache = keras_home() / "keras_gan" / f"{PACKAGE}-{VERSION}-{size}.npz"
    arrays = None if data_dir is not None else read_cache(cache, size)
    if arrays is None:
        render = import_renderer()
        arrays = npm.read_package(
            PACKAGE,
            VERSION,
            SHA256,
            lambda path: read_archive(path, size, render),
            data_dir,
        )
        if data_dir is None:
            with optional_cache(cache), atomic_write(cache) as draft:
                outlines, colours, codes = arrays
                np.savez_compressed(
                    draft, outlines=outlines, colours=colours, codes=codes
                )
    return arrays


def import_renderer() -> Callable[..., Any]:
    """Return the function of resvg-py that renders a drawing."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise ImportError(
            "The drawings of OpenMoji are rendered by resvg-py: "
            "`pip install keras_gan[openmoji]`."
        ) from error
    return svg_to_bytes


def read_archive(
    path: PathLike, size: int, render: Callable[..., Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Render the drawings that are in both folders of the archive."""
    files = npm.read_members(path, tuple(FOLDERS.values()))
    drawings = {
        folder: {
            Path(name).stem: content
            for name, content in files.items()
            if name.startswith(folder) and name.endswith(".svg")
        }
        for folder in FOLDERS.values()
    }
    outlines, colours = drawings.values()
    codes = sorted(
        code for code in outlines if code in colours and not has_skin_tone(code)
    )

    def rendered(code):
        return [
            render_svg(code, each[code], size, render) for each in (outlines, colours)
        ]

    images = np.stack(map_threads(rendered, codes))  # (n, 2, size, size, 3)
    return images[:, 0], images[:, 1], np.array(codes)


def render_svg(
    code: str, content: bytes, size: int, render: Callable[..., Any]
) -> np.ndarray:
    """Return a drawing as `uint8` (size, size, 3), on white."""
    png = render(
        svg_string=content.decode(), width=size, height=size, background="white"
    )
    with naming_errors(code), open_picture(io.BytesIO(bytes(png))) as picture:
        return np.asarray(to_mode(picture, "RGB"))


def read_cache(
    path: PathLike, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the arrays of an earlier run, or `None` if there is no complete file."""
    try:
        arrays = array_files.read(path)
        found = tuple(arrays[name] for name in ("outlines", "colours", "codes"))
    except (OSError, KeyError, ValueError):
        return None
    shape = (len(found[2]), size, size, 3)
    is_whole = all(
        images.shape == shape and images.dtype == np.uint8 for images in found[:2]
    )
    return found if is_whole else None
