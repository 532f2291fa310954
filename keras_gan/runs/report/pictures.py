"""Pictures embedded in the page."""

import base64
import functools
import io
import re
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from keras_gan.runs import layout

_NAME = re.compile(r"epoch_(\d+)\.png", re.ASCII)
MAX_GRIDS = 40
MAX_PNG_BYTES = 100_000


def grids(folder: Path) -> dict[int, Path]:
    """Return the sample grids of a run: a dict from epochs trained to the picture.

    Other files, such as copies with names of their own, and files that are no
    pictures are left out.

    Args:
        folder: the folder of the run.
    """
    paths = sorted((folder / layout.SAMPLES).glob("epoch_*.png"))
    named = [(_NAME.fullmatch(path.name), path) for path in paths]
    return {int(name[1]): path for name, path in named if name and is_picture(path)}


def is_picture(path: Path) -> bool:
    """Return whether a file is a whole picture of a kind that the report shows."""
    try:
        status = path.stat()
        return _is_whole(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return False


def data_uri(path: Path) -> str:
    """Return a picture file as a `data:` URI.

    Large PNG files are converted to WebP, so that a page with forty of them can be
    sent by mail. The result is cached until the file changes.

    Args:
        path: the file.
    """
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


def size_of(path: Path) -> tuple[int, int]:
    """Return the width and height of a picture file, in pixels."""
    with Image.open(path, formats=("PNG", "WEBP")) as image:
        return image.size


def description(path: Path) -> str:
    """Return what a PNG file says about itself, such as what its columns show."""
    with Image.open(path, formats=("PNG", "WEBP")) as image:
        return str(image.info.get("Description", ""))


def thin_out(items: Mapping, limit: int = MAX_GRIDS) -> dict:
    """Select a limited number of a dict's items, evenly spaced.

    Args:
        items: the dict.
        limit: int, how many to keep at most. The first and the last are among them.
    """
    keys = list(items)
    if len(keys) <= limit:
        return dict(items)
    chosen = {round(i * (len(keys) - 1) / (limit - 1)) for i in range(limit)}
    return {key: items[key] for i, key in enumerate(keys) if i in chosen}


@functools.lru_cache(maxsize=2000)
def _is_whole(path, changed, size):
    try:
        with Image.open(path, formats=("PNG", "WEBP")) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


@functools.lru_cache(maxsize=200)
def _read(path, changed, size):
    data, kind = path.read_bytes(), path.suffix.removeprefix(".")
    if kind == "png" and size > MAX_PNG_BYTES:
        data, kind = _as_webp(data), "webp"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _as_webp(data):
    with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=85)
    return packed.getvalue()
