"""Read picture files with Pillow, in parallel threads."""

import dataclasses
import io
import os
from typing import TYPE_CHECKING

from keras_gan._typing import PathLike

if TYPE_CHECKING:
    import PIL.Image


import numpy as np

from keras_gan.datasets.transforms import cover, resize_picture

EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp")
GREY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")
ALPHA_MODES = ("RGBA", "RGBa", "LA", "La", "PA")


@dataclasses.dataclass(frozen=True)
class Reader:
    """Read a picture file as a `uint8` array (height, width, channels).

    Transparent pictures are composed with a white background. 16-bit grey is rounded
    to 8 bits. The orientation in the Exif data is applied. Of an animation the first
    frame is read.

    Args:
        channels: 1 for grey, 3 for colour.
        size: Pair (height, width), or `None`.
        crop: `None`, `"center"` or `"random"`, see `resize_picture`.
    """

    channels: int
    size: tuple | None = None
    crop: str | None = None

    def __call__(self, path: PathLike) -> np.ndarray:
        from PIL import Image, ImageOps

        # Read the file at once: alternating reads make the threads wait for each other.
        with naming_errors(path), Image.open(read_bytes(path)) as picture:
            if orientation(picture) != 1:
                picture = ImageOps.exif_transpose(picture)
            picture = to_mode(picture, "L" if self.channels == 1 else "RGB")
            image = np.asarray(resize_picture(picture, self.size, self.crop))
        return image.reshape(*image.shape[:2], self.channels)

    def shape(self, picture_size: tuple[int, int]) -> tuple[int, int, int]:
        """Return the shape that a picture of this (height, width) is read as."""
        size = self.size or picture_size
        if self.crop == "random":
            size = cover(picture_size, size)
        return (*size, self.channels)


class naming_errors:
    """Context that turns every error into an `UnreadablePicture` with the file name."""

    def __init__(self, path: PathLike) -> None:
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, Exception):
            raise UnreadablePicture(
                f"{self.path} cannot be read as a picture ({error}). Repair or "
                'remove it, or pass on_error="skip" to leave it out.'
            ) from error


class UnreadablePicture(ValueError):
    """A picture file that is missing, damaged or of an unknown kind."""


def to_mode(picture: "PIL.Image.Image", mode: str) -> "PIL.Image.Image":
    """Convert a Pillow picture of any mode to "L" or "RGB"."""
    from PIL import Image

    if picture.mode.startswith("I"):
        # Pillow clips 16 bits to 8 instead of scaling them.
        levels = np.asarray(picture).astype(np.uint32)
        picture = Image.fromarray(((levels * 255 + 32767) // 65535).astype(np.uint8))
    if picture.mode in ALPHA_MODES or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    return picture if picture.mode == mode else picture.convert(mode)


def read_header(path: PathLike) -> tuple[bool, tuple[int, int]]:
    """Return whether a picture is grey, and its (height, width), from its header."""
    from PIL import Image

    with naming_errors(path), Image.open(path) as picture:
        width, height = picture.size
        if orientation(picture) >= 5:
            width, height = height, width
        return picture.mode in GREY_MODES, (height, width)


def orientation(picture: "PIL.Image.Image") -> int:
    """Return the Exif orientation, 1 to 8; from 5 on width and height are swapped."""
    # For a PNG without Exif data, `getexif` would decode the whole picture.
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    return picture.getexif().get(0x0112, 1)


def read_bytes(path: PathLike) -> io.BytesIO:
    """Return a file in memory with the content of a file."""
    with open(path, "rb", buffering=0) as file:
        return io.BytesIO(file.read())


def find_pictures(
    folder: PathLike, extensions: tuple[str, ...] = EXTENSIONS
) -> list[str]:
    """Return the picture files in a folder and its subfolders, sorted by path.

    Hidden files and folders are left out.
    """
    found = []
    for parent, subfolders, names in os.walk(folder):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        found += [
            os.path.join(parent, name)
            for name in names
            if name.lower().endswith(extensions) and not name.startswith(".")
        ]
    return sorted(found, key=lambda path: path.split(os.sep))
