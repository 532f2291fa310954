"""Files: atomic writes, JSON, and errors that name the file and the mend.

Readers see the old file or the new one, never half of one.
"""

import contextlib
import errno
import json
import os
import secrets
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_gan.paths import expand

# What a file may take when it is unpacked: so many bytes, or so many times its size.
# Pictures and weights shrink to a tenth at most; zeros shrink to a thousandth.
UNPACKED_BYTES, UNPACKED_RATIO = 64 * 2**20, 100
# A disk with fewer free bytes is full.
FULL_BYTES = 2**16
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DamagedFile(ValueError):
    """A file that holds something else than it should.

    Args:
        path: the file.
        found: str, what is wrong with it.
        mend: str, a sentence about what to do.
    """

    def __init__(self, path: str | os.PathLike, found: str, mend: str):
        super().__init__(f"{str(path)!r} is damaged: {found}. {mend}")


class UnwritableFile(OSError):
    """A file or folder that could not be written.

    Args:
        path: the file or folder.
        code: int, the error number.
        reason: str, what the system said.
    """

    def __init__(self, path: str | os.PathLike, code: int | None, reason: str):
        super().__init__(code, reason, str(path))

    def __str__(self):
        mend = "Pass a path that can be made and written to."
        if self.errno in FULL:
            mend = "Free space on its disk, or pass a path on another disk."
        code = errno.errorcode.get(self.errno)
        said = f"{self.strerror} ({code})" if code else self.strerror
        return f"{self.filename!r} could not be written: {said}. {mend}"


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike, sync: bool = False) -> Iterator[Path]:
    """Write a draft beside a file, then rename it to the file.

    If the writing fails, the draft is removed and what was at `path` stays. The
    folder is made if needed, see `new_folder`. Errors name the file, see
    `naming_errors`.

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
    # The random part keeps the drafts of several processes and threads apart, also in
    # containers where their process numbers are equal.
    name = f".{path.stem}.{secrets.token_hex(8)}.partial{path.suffix}"
    draft = path.with_name(name)
    with naming_errors(path), new_folder(path.parent):
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


@contextlib.contextmanager
def new_folder(path: str | os.PathLike) -> Iterator[None]:
    """Make a folder for what is written in this context.

    If the writing fails, the folders that were made for it are removed again, unless
    something lies in them.

    Args:
        path: the folder. It may exist.
    """
    path = expand(path)
    made = []
    for folder in (path, *path.parents):
        if folder.exists():
            break
        made.append(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # not empty: another process's
            for folder in made:
                folder.rmdir()
        raise


@contextlib.contextmanager
def naming_errors(path: str | os.PathLike) -> Iterator[None]:
    """Turn errors of writing a file or folder into `UnwritableFile`.

    Libraries report a full disk by errors of their own kinds. So any error counts as
    one of writing if the disk is full.

    Args:
        path: the file or folder that is written in this context, or beside it.

    Raises:
        UnwritableFile: with the path, the reason and the mend.
    """
    try:
        yield
    except UnwritableFile:
        raise
    except OSError as error:
        if not _is_about(error.filename, Path(path)):
            raise
        reason = error.strerror or str(error)
        raise UnwritableFile(path, error.errno, reason) from error
    except Exception as error:
        if not _is_full(Path(path)):
            raise
        code = errno.ENOSPC
        raise UnwritableFile(path, code, os.strerror(code)) from error


@contextlib.contextmanager
def optional_cache(path: str | os.PathLike) -> Iterator[None]:
    """Warn, and go on, where a file that only saves time cannot be written.

    Args:
        path: the file that is written in this context.
    """
    try:
        with naming_errors(path):
            yield
    except UnwritableFile as error:
        warnings.warn(
            f"A cache was not kept, and will be made again: {error}", stacklevel=3
        )


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


def read_json(
    path: str | os.PathLike, mend: str = "Remove it, or restore it from a copy."
) -> Any:
    """Return what a JSON file holds.

    Args:
        path: the file.
        mend: str, a sentence for the error.

    Raises:
        DamagedFile: if it is not JSON.
    """
    try:
        return json.loads(expand(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DamagedFile(path, f"it is not JSON ({error})", mend) from error


def check_unpacked(path: str | os.PathLike, num_bytes: int, num_packed: int) -> None:
    """Check the size of what a packed file holds, before it is unpacked.

    Args:
        path: the file.
        num_bytes: int, the size that it declares for its contents.
        num_packed: int, the size of the packed contents.

    Raises:
        DamagedFile: if it is a bomb: far larger than any useful contents.
    """
    if num_bytes > max(UNPACKED_BYTES, UNPACKED_RATIO * num_packed):
        raise DamagedFile(
            path,
            f"unpacked, its {num_packed / 1e6:.1f} MB would take "
            f"{num_bytes / 1e6:,.0f} MB",
            "It was not unpacked. Get the file again from where it was made.",
        )


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


def _is_about(name, path):
    """Return whether an error that names a file, or none, is about this path."""
    if not isinstance(name, str | os.PathLike):
        return True
    name = Path(name)
    if not name.is_relative_to(path.parent):
        return name in path.parents
    inner = name.relative_to(path.parent).parts
    return not inner or inner[0] == path.name or inner[0].startswith(".")  # a draft


def _is_full(path):
    """Return whether the disk of a file or folder, which need not exist, is full."""
    folder = next((p for p in (path, *path.parents) if p.is_dir()), None)
    return folder is not None and shutil.disk_usage(folder).free < FULL_BYTES
