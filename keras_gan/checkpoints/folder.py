"""A folder of checkpoints, named by the number of steps taken."""

import contextlib
import os
import re
import warnings
from pathlib import Path

from keras_gan.checkpoints.files import DamagedCheckpoint, verify
from keras_gan.files import remove_drafts
from keras_gan.paths import expand

_NAME = re.compile(r"step_(\d+)\.npz")


def path_of(directory: str | os.PathLike, num_steps: int) -> Path:
    """Return the path of the checkpoint after a number of steps."""
    return expand(directory) / f"step_{num_steps:09d}.npz"


def listed(directory: str | os.PathLike) -> list[Path]:
    """Return the paths of all checkpoints in a folder, the oldest first."""
    folder = expand(directory)
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted((p for p in files if _NAME.fullmatch(p.name)), key=_num_steps)


def latest(directory: str | os.PathLike) -> Path | None:
    """Return the newest checkpoint of a folder that is not damaged.

    A warning names the damaged ones that are newer.

    Args:
        directory: the folder.

    Returns:
        A `pathlib.Path`; None if the folder holds no checkpoint.

    Raises:
        DamagedCheckpoint: if all of them are damaged.

    Example:

    ```python
    path = keras_gan.checkpoints.latest("run/checkpoints")
    ```
    """
    damaged = []
    for path in reversed(listed(directory)):
        try:
            verify(path)
        except DamagedCheckpoint as error:
            damaged.append(error)
            continue
        for error in damaged:
            warnings.warn(f"{error} {str(path)!r} is used instead.", stacklevel=2)
        return path
    if damaged:
        raise DamagedCheckpoint(
            directory,
            f"so are all its {len(damaged)} files, and there is nothing to go on from",
            "Restore one from a copy, or remove the folder to begin again.",
        ) from damaged[0]
    return None


def prune(directory: str | os.PathLike, keep: int, num_steps: int) -> None:
    """Remove old checkpoints.

    Args:
        directory: the folder.
        keep: int, how many of the newest to keep.
        num_steps: int; checkpoints of later steps are left alone.
    """
    written = [p for p in listed(directory) if _num_steps(p) <= num_steps]
    for path in written[:-keep]:
        with contextlib.suppress(OSError):
            path.unlink()


def sweep(directory: str | os.PathLike) -> None:
    """Remove the drafts that a process killed while writing left behind."""
    remove_drafts(directory)


def _num_steps(path):
    return int(_NAME.fullmatch(path.name)[1])
