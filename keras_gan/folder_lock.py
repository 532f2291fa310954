"""A lock on a folder: one process at a time writes there."""

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

NAME = ".lock"


class FolderInUse(OSError):
    """A folder that another process, or another training of this one, writes to.

    Args:
        folder: the folder.
    """

    def __init__(self, folder: str | os.PathLike):
        super().__init__(
            f"{str(folder)!r} is in use: another training writes there, and the two "
            "would remove each other's files. Wait until it ends, stop it, or pass "
            "another folder."
        )


@contextlib.contextmanager
def hold(folder: str | os.PathLike) -> Iterator[None]:
    """Lock a folder in this context.

    The system gives the lock back when the process ends, however it ends. Where a
    file system knows no locks, a warning tells it.

    Args:
        folder: the folder. It is made if needed.

    Raises:
        FolderInUse: if another holds the lock.

    Example:

    ```python
    from keras_gan import folder_lock

    with folder_lock.hold("run"):
        ...
    ```
    """
    import filelock

    Path(folder).mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(Path(folder) / NAME)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise FolderInUse(folder) from error
    except (OSError, NotImplementedError) as error:
        warnings.warn(
            f"{str(folder)!r} could not be locked ({error}). Make sure that no other "
            "process trains there.",
            stacklevel=3,
        )
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # while it is held, nobody else has it
            os.unlink(lock.lock_file)
        lock.release()
