"""Frames in sequence."""

from pathlib import Path

from keras_gan.plotting.files import replacing
from keras_gan.plotting.grid import image_grid

# Pillow's format for each suffix, and how to write it. WebP is lossless, for its
# lossy form blurs the single pixels of small images.
_FORMATS = {
    ".gif": ("GIF", {"optimize": False, "disposal": 2}),
    ".webp": ("WEBP", {"lossless": True}),
    ".png": ("PNG", {}),
    ".apng": ("PNG", {}),
}


def animate(frames, path, fps=10):
    """Write frames as an animation that runs round and round.

    Args:
        frames: array or tensor `(num_frames, height, width, channels)`, floats
            in [-1, 1] or uint8; or a list of `PIL.Image.Image`, such as grids.
        path: the file to write; `.gif`, `.webp`, or `.png` or `.apng` for
            animated PNG. GIF holds 256 colours a frame, the others all.
        fps: float, frames per second. GIF counts time in hundredths of a second.

    Returns:
        The `pathlib.Path` written.

    Raises:
        ValueError: on another suffix, no frame, and frames of different sizes.

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
        frame if hasattr(frame, "save") else image_grid(frame[None]) for frame in frames
    ]
    sizes = {frame.size for frame in frames}
    if len(sizes) > 1:
        raise ValueError(
            f"All frames must have the same size. Received: {sorted(sizes)}"
        )
    step = 10 if file_format == "GIF" else 1  # milliseconds
    duration = max(round(1000 / fps / step), 1) * step
    with replacing(path) as beside:
        frames[0].save(
            beside,
            file_format,
            save_all=True,
            append_images=frames[1:],
            duration=duration,
            loop=0,
            **options,
        )
    return path


def check_suffix(path):
    """The suffix of a path, if an animation can be written to it.

    Raises:
        ValueError: if not.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(
            f"An animation is written to a file ending in {', '.join(_FORMATS)}. "
            f"Received: {str(path)!r}"
        )
    return suffix
