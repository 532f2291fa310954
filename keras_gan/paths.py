"""Paths as users write them."""

import os
from pathlib import Path


def expand(path: str | os.PathLike) -> Path:
    """Return a path with `~` as the home folder.

    Every path that a user passes goes through here. Without it, Python makes a folder
    of the name `~`.

    Args:
        path: the path.

    Example:

    ```python
    from keras_gan.paths import expand

    expand("~/pictures")  # PosixPath('/home/me/pictures')
    ```
    """
    return Path(path).expanduser()
