"""A look at the header of PNG files, before anything is decoded."""

from __future__ import annotations

import struct

from .errors import ServingError

START = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

# Of all pictures of a request, where the model takes any size.
MAX_PIXELS = 2**24


def check(name: str, files, shape: list[int]):
    """Refuse files that are no PNG, or of a size that the model does not take.

    Args:
        name: str, the name of the input, for the error.
        files: sequence of bytes.
        shape: `[batch, height, width, channels]` of the decoded images; -1 for any.

    Raises:
        ServingError: if a file is refused.
    """
    pixels = 0
    for index, file in enumerate(files):
        size = width, height = _size(name, index, file)
        for side, received, expected in zip(
            ("wide", "high"), size, (shape[2], shape[1]), strict=True
        ):
            if expected not in (-1, received):
                raise ServingError(
                    f"Input {name!r}, row {index}: the PNG must be {expected} pixels "
                    f"{side}. Received: {received}."
                )
        pixels += width * height
    if -1 in shape[1:3] and pixels > MAX_PIXELS:
        raise ServingError(
            f"Input {name!r}: the pictures have {pixels} pixels together, and a "
            f"request may have {MAX_PIXELS}. Send smaller or fewer pictures."
        )


def _size(name, index, file):
    if not file.startswith(START) or len(file) < len(START) + 8:
        raise ServingError(
            f"Input {name!r}, row {index}: expected a PNG file. Received: "
            f"{len(file)} bytes that start with {file[:8]!r}."
        )
    return struct.unpack_from(">II", file, len(START))
