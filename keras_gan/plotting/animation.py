"""Animations: GIF, WebP and animated PNG."""

import os
from collections.abc import Sequence
from pathlib import Path

from PIL.Image import Image

from keras_gan.files import atomic_write
from keras_gan.plotting.grid import image_grid

# Pillow's format for each suffix, and its options. WebP is lossless, because its
# lossy form blurs single pixels of small images.
_FORMATS = {
    ".gif": ("GIF", {"optimize": False, "disposal": 2}),
    ".webp": ("WEBP", {"lossless": True}),
    ".png": ("PNG", {}),
    ".apng": ("PNG", {}),
}


def animate(frames: Sequence[Image], path: str | os.PathLike, fps: float = 10) -> Path:
    """Write frames as an animation that repeats forever.

    Args:
        frames: array or tensor `(num_frames, height, width, channels)`, floats
            in [-1, 1] or uint8; or a list of `PIL.Image.Image`, such as grids.
        path: the file to write; `.gif`, `.webp`, or `.png` or `.apng` for
            animated PNG. GIF holds 256 colours a frame, the others all.
        fps: float, frames per second. GIF counts time in 1/100 s.

    Returns:
        The `pathlib.Path` written.

    Raises:
        ValueError: if the suffix is another, if there is no frame, or if frames
            differ in size.

    Example:

    ```python
    keys = gan.prior.sample(5, seed=0)
    frames = gan.synthesize(keras_gan.latents.walk(keys, num_steps=20))
    keras_gan.plotting.animate(frames, "walk.webp", fps=20)
    ```
    """
    path = Path(path)
    file_format, options = _FORMATS[check_suffix(path)]
    if not fps > 0:
        raise ValueError(f"`fps` must be above 0. Received: {fps!r}")
    frames = list(frames)
    if not frames:
        raise ValueError("There are no frames to animate.")
    frames = [
        frame if isinstance(frame, Image) else image_grid(frame[None])
        for frame in frames
    ]
    sizes = {frame.size for frame in frames}
    if len(sizes) > 1:
        raise ValueError(
            f"All frames must have the same size. Received: {sorted(sizes)}"
        )
    resolution = 10 if file_format == "GIF" else 1  # milliseconds
    duration = max(round(1000 / fps / resolution), 1) * resolution
    with atomic_write(path) as draft:
        frames[0].save(
            draft,
            file_format,
            save_all=True,
            append_images=frames[1:],
            duration=duration,
            loop=0,
            **options,
        )
    return path


def check_suffix(path: str | os.PathLike) -> str:
    """Check that an animation can be written to a path, by its suffix.

    Args:
        path: the file.

    Returns:
        The suffix in lower case.

    Raises:
        ValueError: if no format of animations has this suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(
            f"An animation is written to a file ending in {', '.join(_FORMATS)}. "
            f"Received: {str(path)!r}"
        )
    return suffix
