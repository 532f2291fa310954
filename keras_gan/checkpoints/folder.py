"""The checkpoints of a run lie in one folder, named by the steps taken."""

import contextlib
import re
import warnings
from pathlib import Path

from keras_gan.checkpoints.files import DamagedCheckpoint, verify

_NAME = re.compile(r"step_(\d+)\.npz")


def path_of(directory, num_steps):
    """Where the checkpoint after so many steps goes."""
    return Path(directory) / f"step_{num_steps:09d}.npz"


def listed(directory):
    """The paths of all checkpoints in a folder, the oldest first."""
    folder = Path(directory)
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted((p for p in files if _NAME.fullmatch(p.name)), key=_num_steps)


def latest(directory):
    """The newest checkpoint of a folder that is whole.

    Damaged ones are passed over, with a warning that names them.

    Args:
        directory: the folder.

    Returns:
        A `pathlib.Path`; None where there is no checkpoint at all.

    Raises:
        DamagedCheckpoint: if there are some, and none of them is whole.

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
        ) from damaged[0]
    return None


def prune(directory, keep, num_steps):
    """Remove all but the last few of the checkpoints up to a step."""
    written = [p for p in listed(directory) if _num_steps(p) <= num_steps]
    for path in written[:-keep]:
        with contextlib.suppress(OSError):
            path.unlink()


def sweep(directory):
    """Remove what a process that was killed while writing left behind."""
    for path in Path(directory).glob(".*.npz.partial"):
        with contextlib.suppress(OSError):
            path.unlink()


def _num_steps(path):
    return int(_NAME.fullmatch(path.name)[1])
