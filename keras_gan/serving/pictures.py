"""Pictures of requests: checked by their headers, then read as training reads them."""

from __future__ import annotations

import io
import math

import numpy as np

from . import by_file
from .errors import ServingError

# Of all files of a request, before they are decoded.
MAX_PIXELS = 2**26
# Of all pictures of a request as the model gets them, where it takes any size.
MAX_TRANSLATED = 2**24


def read(name: str, files, shape: list[int], max_side: int) -> np.ndarray:
    """Read picture files, and return PNG files of the size that the model takes.

    Where the model takes one size, pictures are scaled to cover it and their middle is
    cut out. Where it takes any, those with a longer side than `max_side` are scaled
    down. PNG files of the right size stay as they are.

    Args:
        name: str, the name of the input, for the error.
        files: sequence of bytes.
        shape: `[batch, height, width, channels]` of the decoded images; -1 for any.
        max_side: int, the longest side of a picture of any size.

    Returns:
        An array of bytes.

    Raises:
        ServingError: if a file is no picture, is damaged or is too large.
    """
    sizes = _sizes(name, files)
    _check_total(name, sizes, MAX_PIXELS)
    targets = [_target(size, shape, max_side) for size in sizes]
    if -1 in shape[1:3]:
        _check_total(name, targets, MAX_TRANSLATED)
    if len(set(targets)) > 1:
        first, second, *_ = dict.fromkeys(targets)
        raise ServingError(
            f"Input {name!r}: the pictures of a request must have one size. Received: "
            f"{_shown(first)} and {_shown(second)}. Send them one by one."
        )
    read_files = [
        _read(name, index, file, target, shape[3])
        for index, (file, target) in enumerate(zip(files, targets, strict=True))
    ]
    return np.array(read_files, object)


def _sizes(name, files):
    """Return the (height, width) of every file, from its header."""
    sizes = []
    for index, file in enumerate(files):
        with _Refusing(name, index, file), _open(file) as picture:
            sizes.append(_reader().upright_size(picture))
    return sizes


def _check_total(name, sizes, limit):
    total = sum(map(math.prod, sizes))
    if total > limit:
        raise ServingError(
            f"Input {name!r}: the pictures have {total} pixels together, the first one "
            f"{_shown(sizes[0])}, and a request may have {limit}. Send smaller or "
            "fewer pictures."
        )


def _target(size, shape, max_side):
    """Return the size in which the model gets a picture."""
    if -1 not in shape[1:3]:
        return tuple(shape[1:3])
    scale = min(1, max_side / max(size))
    return tuple(max(1, round(side * scale)) for side in size)


def _read(name, index, file, target, channels):
    from PIL import Image

    with _Refusing(name, index, file), _open(file) as picture:
        if _is_ready(picture, target):
            picture.verify()  # it looks for the end of the file
            return file
        if channels not in (1, 3):
            raise ValueError(
                f"the model takes {channels} channels: expected a PNG file of "
                f"{_shown(target)}"
            )
        levels = _reader().Reader(channels, target, "center").decode(picture)
        made = io.BytesIO()
        picture = Image.fromarray(levels[..., 0] if channels == 1 else levels)
        picture.save(made, "PNG", compress_level=1)
        return made.getvalue()


def _is_ready(picture, target):
    """Whether the model itself decodes a file as it is."""
    is_plain = picture.mode in ("L", "LA", "RGB", "RGBA", "P")
    is_upright = _reader().orientation(picture) == 1
    is_fitting = _reader().upright_size(picture) == target
    return picture.format == "PNG" and is_plain and is_upright and is_fitting


def _open(file):
    return _reader().open_picture(io.BytesIO(file))


class _Refusing:
    """Context that turns every error of a picture into one for the client."""

    def __init__(self, name, index, file):
        self.name, self.index, self.file = name, index, file

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        from PIL import Image

        if not isinstance(error, Exception):
            return
        reason = _reader().reason_of(error)
        if isinstance(error, Image.DecompressionBombError):
            reason = f"it is too large: a request may have {MAX_PIXELS} pixels"
        raise ServingError(
            f"Input {self.name!r}, row {self.index}: expected a picture, and it cannot "
            f"be read ({reason}). Received: {len(self.file)} bytes that start with "
            f"{bytes(self.file[:8])!r}."
        ) from error


def _reader():
    """Return the reader of training."""
    return by_file.module("datasets", "pictures")


def _shown(size):
    height, width = size
    return f"{width} x {height}"
