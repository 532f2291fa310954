"""Files that are seen whole or not at all."""

import contextlib
import os
from pathlib import Path


@contextlib.contextmanager
def replacing(path):
    """Write beside a file, then put the new one in its place.

    Whoever looks at `path` finds the old file or the new, never half of one. If
    the writing fails, the old one stays. Folders are made as needed.

    Args:
        path: the file to write.

    Yields:
        A `pathlib.Path` with the same suffix in the same folder, to write to.

    Example:

    ```python
    with replacing("samples/epoch_0001.png") as beside:
        image.save(beside)
    ```
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
