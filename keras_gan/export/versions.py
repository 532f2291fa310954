"""Folders `NAME/VERSION/` that appear complete, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path

from keras_gan.files import naming_errors, new_folder
from keras_gan.paths import expand


@contextlib.contextmanager
def new_version(
    path: str | os.PathLike, version: int | None = None, overwrite: bool = False
):
    """Write a version of a model to a hidden folder, and rename it at the end.

    A server that watches the folder takes every number it sees. The draft has
    none, and a rename shows all of it at once.

    Args:
        path: the folder of the model.
        version: int; None for the next free one.
        overwrite: whether an existing version may be replaced.

    Returns:
        A context manager that gives the draft's path and a list, to which the
        path of the finished version is added at the end.
    """
    path = expand(path)
    check_version(path, version, overwrite)
    finished = []
    with naming_errors(path), new_folder(path):
        draft = Path(tempfile.mkdtemp(prefix=".export_", dir=path))
        try:
            yield draft, finished
            draft.chmod(0o755)
            finished.append(_show(draft, path, version, overwrite))
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def check_version(path: str | os.PathLike, version: int | None, overwrite: bool):
    """Check that a version may be written.

    Raises:
        ValueError: if it exists, or is no positive integer.
    """
    if version is None:
        return
    if isinstance(version, bool) or int(version) != version or version < 1:
        raise ValueError(
            "`version` must be a positive integer, as the server sorts by it. "
            f"Received: {version!r}"
        )
    target = expand(path) / str(int(version))
    if target.exists() and not overwrite:
        raise ValueError(_exists(target))


def _show(draft, path, version, overwrite):
    """Rename the draft to its number, also while another process exports."""
    while True:
        target = path / str(int(version or _next_version(path)))
        if overwrite and target.exists():
            return _replace(draft, target)
        try:
            os.rename(draft, target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
            if version is not None:
                raise ValueError(_exists(target)) from error
        else:
            return target


def _replace(draft, target):
    retired = Path(tempfile.mkdtemp(prefix=".retired_", dir=target.parent))
    os.rename(target, retired / target.name)
    os.rename(draft, target)
    shutil.rmtree(retired)
    return target


def _next_version(path):
    taken = [int(p.name) for p in path.glob("*") if p.name.isdecimal()]
    return max(taken, default=0) + 1


def _exists(target):
    return (
        f"{target} exists, and a server may be using it. Leave `version` out for the "
        "next free number, or pass `overwrite=True`."
    )
