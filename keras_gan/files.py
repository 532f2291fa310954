"""Atomic file writes: readers see the old file or the new one, never half of one."""

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_gan.paths import expand


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike, sync: bool = False) -> Iterator[Path]:
    """Write a draft beside a file, then rename it to the file.

    If the writing fails, the draft is removed and what was at `path` stays. The
    folder is made if needed.

    Args:
        path: the file to write. What was there is replaced.
        sync: bool, whether to force the file and its new name to the disk, so that
            it also survives a loss of power.

    Yields:
        A `pathlib.Path` to write to: a hidden file in the same folder with the same
        suffix, which does not exist yet.

    Example:

    ```python
    from keras_gan.files import atomic_write

    with atomic_write("samples/epoch_0001.png") as draft:
        draft.write_bytes(b"...")
    ```
    """
    path = expand(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The random part keeps the drafts of several processes and threads apart.
    name = f".{path.stem}.{secrets.token_hex(4)}.partial{path.suffix}"
    draft = path.with_name(name)
    try:
        yield draft
        if sync:
            _sync(draft, os.O_RDWR)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    if sync:
        with contextlib.suppress(OSError):  # not every system opens folders
            _sync(path.parent, os.O_RDONLY)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write a UTF-8 text file atomically.

    Args:
        path: the file to write.
        text: str, its content.

    Example:

    ```python
    from keras_gan.files import write_text

    write_text("run/notes.txt", "The second run.")
    ```
    """
    with atomic_write(path) as draft:
        draft.write_text(text, encoding="utf-8")


def write_json(path: str | os.PathLike, facts: Any) -> None:
    """Write a JSON file atomically.

    Args:
        path: the file to write.
        facts: dict or list of what JSON can hold.

    Example:

    ```python
    from keras_gan.files import read_json, write_json

    write_json("run/settings.json", {"seed": 0})
    read_json("run/settings.json")  # {'seed': 0}
    ```
    """
    write_text(path, json.dumps(facts, indent=2) + "\n")


def read_json(path: str | os.PathLike) -> Any:
    """Return what a JSON file holds."""
    return json.loads(expand(path).read_text(encoding="utf-8"))


def remove_drafts(folder: str | os.PathLike) -> None:
    """Remove the drafts that a process killed while writing left in a folder.

    Args:
        folder: the folder. No process may be writing to it.
    """
    for draft in Path(folder).glob(".*.partial*"):
        with contextlib.suppress(OSError):
            draft.unlink()


def _sync(path, flags):
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
