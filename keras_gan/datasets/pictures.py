"""Read picture files with Pillow: the one reader of training, metrics and commands.

The server, which runs without Keras, loads this module by its file. So it imports
nothing of the package.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    import PIL.Image

    from keras_gan._typing import PathLike

# Pillow tries these decoders only. Others start programs, such as that of PostScript.
FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
}
EXTENSIONS = tuple(ending for endings in FORMATS.values() for ending in endings)
GREY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")
ALPHA_MODES = ("RGBA", "RGBa", "LA", "La", "PA")


@dataclasses.dataclass(frozen=True)
class Reader:
    """Read a picture file as a `uint8` array (height, width, channels).

    Transparent pictures are composed with a white background. Grey of 12 or 16 bits is
    rounded to 8 bits. The orientation in the Exif data is applied. Of an animation the
    first frame is read.

    Args:
        channels: 1 for grey, 3 for colour.
        size: Pair (height, width), or `None`.
        crop: `None`, `"center"` or `"random"`, see `resize_picture`.
    """

    channels: int
    size: tuple | None = None
    crop: str | None = None

    def __call__(self, path: PathLike) -> np.ndarray:
        # Read the file at once: alternating reads make the threads wait for each other.
        with naming_errors(path), open_picture(read_bytes(path)) as picture:
            return self.decode(picture)

    def decode(self, picture: PIL.Image.Image) -> np.ndarray:
        """Return the array of a picture that Pillow has opened."""
        return self.array(to_mode(upright(picture), self.mode))

    @property
    def mode(self) -> str:
        """Pillow's name for pictures of this number of channels."""
        return "L" if self.channels == 1 else "RGB"

    def array(self, picture: PIL.Image.Image) -> np.ndarray:
        """Resize a Pillow picture of this mode, and return it as an array."""
        image = np.asarray(resize_picture(picture, self.size, self.crop))
        return image.reshape(*image.shape[:2], self.channels)

    def shape(self, picture_size: tuple[int, int]) -> tuple[int, int, int]:
        """Return the shape that a picture of this (height, width) is read as."""
        size = self.size or picture_size
        if self.crop == "random":
            size = cover(picture_size, size)
        return (*size, self.channels)


class UnreadablePicture(ValueError):
    """A picture file that is missing, damaged or of an unknown kind.

    `reason` says what is wrong with it, without its name.
    """

    reason = ""


class naming_errors:
    """Context that turns every error into an `UnreadablePicture` with the file name."""

    def __init__(self, path: PathLike) -> None:
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, Exception):
            reason = reason_of(error)
            unreadable = UnreadablePicture(
                f"{shown(self.path)} cannot be read as a picture ({reason}). Repair or "
                "remove it, or leave out what is broken: "
                '`on_error="skip"`.'
            )
            unreadable.reason = reason
            raise unreadable from error


def reason_of(error: Exception) -> str:
    """Return why a picture cannot be read, from what Pillow raised."""
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return f"its content is none of {', '.join(FORMATS)}"
    if isinstance(error, FileNotFoundError):
        return "the file has vanished"
    return str(error)


def shown(path: PathLike) -> str:
    """Return a path as text that can be printed, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def open_picture(file: PathLike | BinaryIO) -> PIL.Image.Image:
    """Open a picture of one of the `FORMATS`."""
    from PIL import Image

    return Image.open(file, formats=tuple(FORMATS))


def to_mode(picture: PIL.Image.Image, mode: str) -> PIL.Image.Image:
    """Convert a Pillow picture of any mode to "L" or "RGB"."""
    from PIL import Image

    if picture.mode.startswith("I"):
        picture = Image.fromarray(to_8_bits(picture))
    if picture.mode == "F":
        raise ValueError("it holds floats, and does not say which value is white")
    if picture.mode in ALPHA_MODES or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    return picture if picture.mode == mode else picture.convert(mode)


def to_8_bits(picture: PIL.Image.Image) -> np.ndarray:
    """Scale grey of 9 to 16 bits to 8 bits, which Pillow would clip; alpha is white."""
    bits = 16
    if picture.format == "TIFF":
        bits, *_ = picture.tag_v2.get(258, (1,))  # BitsPerSample
    if not 8 < bits <= 16:
        raise ValueError(f"it has {bits} bits, and grey of up to 16 bits is read")
    levels = np.asarray(picture).astype(np.uint32)
    white = 2**bits - 1
    transparent = levels == picture.info.get("transparency", -1)
    scaled = (levels * 255 + white // 2) // white
    return np.where(transparent, 255, scaled).astype(np.uint8)


def read_header(path: PathLike) -> tuple[bool, tuple[int, int]]:
    """Return whether a picture is grey, and its (height, width), from its header."""
    with naming_errors(path), open_picture(path) as picture:
        return picture.mode in GREY_MODES, upright_size(picture)


def upright_size(picture: PIL.Image.Image) -> tuple[int, int]:
    """Return the (height, width) of a picture, turned as its Exif data say."""
    width, height = picture.size
    return (width, height) if orientation(picture) >= 5 else (height, width)


def common_channels(headers: Sequence[tuple[bool, tuple[int, int]]]) -> int:
    """Return 1 if all pictures are grey, else 3."""
    return 1 if all(grey for grey, _ in headers) else 3


def upright(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Turn a picture as its Exif data say."""
    from PIL import ImageOps

    return picture if orientation(picture) == 1 else ImageOps.exif_transpose(picture)


def orientation(picture: PIL.Image.Image) -> int:
    """Return the Exif orientation, 1 to 8; from 5 on width and height are swapped.

    It is 1 for TIFF, which Pillow itself turns, and for data that make no sense.
    """
    # For a PNG without Exif data, `getexif` would decode the whole picture.
    if picture.format == "TIFF":
        return 1
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    value = None
    with contextlib.suppress(Exception):  # damaged Exif data raise whatever they like
        value = picture.getexif().get(0x0112)
    return value if value in range(1, 9) else 1


def read_bytes(path: PathLike) -> io.BytesIO:
    """Return a file in memory with the content of a file."""
    with open(path, "rb", buffering=0) as file:
        return io.BytesIO(file.read())


def resize_picture(
    picture: PIL.Image.Image, size: tuple[int, int] | None, crop: str | None = None
) -> PIL.Image.Image:
    """Resize a Pillow image with an antialiasing (Lanczos) filter.

    Args:
        picture: `PIL.Image.Image` of mode "L", "RGB" or "F".
        size: Pair (height, width), or `None` to leave the picture alone.
        crop: `None` stretches to `size`. `"center"` keeps the aspect ratio and crops
            both sides. `"random"` keeps the aspect ratio and crops nothing: the
            result covers `size`, and a window is cropped later.

    Returns:
        `PIL.Image.Image`.
    """
    from PIL import Image

    if size is None:
        return picture
    box = None
    if crop == "center":
        scale = max(size[0] / picture.height, size[1] / picture.width)
        left = max(0, (picture.width - size[1] / scale) / 2)
        top = max(0, (picture.height - size[0] / scale) / 2)
        box = (left, top, picture.width - left, picture.height - top)
    elif crop == "random":
        size = cover((picture.height, picture.width), size)
    return picture.resize(size[::-1], Image.Resampling.LANCZOS, box=box)


def cover(picture_size: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Return the smallest (height, width) of this aspect ratio that covers `size`."""
    scale = max(size[0] / picture_size[0], size[1] / picture_size[1])
    return tuple(
        max(wanted, round(have * scale))
        for have, wanted in zip(picture_size, size, strict=True)
    )
