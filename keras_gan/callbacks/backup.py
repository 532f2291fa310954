"""Exact replacement for `keras.callbacks.BackupAndRestore`."""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras

from keras_gan import checkpoints
from keras_gan._typing import Logs
from keras_gan.callbacks.checkpoint import Checkpoint


class Backup(Checkpoint):
    """Exact replacement for a `keras.callbacks.BackupAndRestore`.

    Keras' callback resumes at the beginning of an epoch with weights from its
    middle. `fit` replaces it by this one, which is a `Checkpoint` in the same folder.

    Args:
        original: the `keras.callbacks.BackupAndRestore`.
    """

    def __init__(self, original: keras.callbacks.BackupAndRestore) -> None:
        super().__init__(original.backup_dir, original.save_freq or None, keep=2)
        self.delete_checkpoint = original.delete_checkpoint

    @contextlib.contextmanager
    def running(self, *args: Any, **kwargs: Any) -> Iterator[tuple[int, int]]:
        """As for `Checkpoint`; then remove the folder if nothing is left in it."""
        with super().running(*args, **kwargs) as place:
            yield place
        if self.delete_checkpoint:
            with contextlib.suppress(OSError):  # the folder holds other files
                self.directory.rmdir()

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.delete_checkpoint:
            for path in checkpoints.listed(self.directory):
                path.unlink(missing_ok=True)


def prepare(callbacks: Any) -> tuple[list[keras.callbacks.Callback], Checkpoint | None]:
    """Prepare the callbacks of a `fit`: move the `Checkpoint` to the end.

    The checkpoint then saves after all other callbacks have changed their state. A
    `keras.callbacks.BackupAndRestore` is replaced by an exact one.

    Args:
        callbacks: the argument of `fit`: a list, a callback, a `CallbackList`, or None.

    Returns:
        `callbacks, checkpoint`: the list, and its `Checkpoint` or None.

    Raises:
        ValueError: if there are several checkpoints.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    callbacks = [
        Backup(callback)
        if type(callback) is keras.callbacks.BackupAndRestore
        else callback
        for callback in keras.tree.flatten(callbacks or [])
    ]
    saving = [c for c in callbacks if isinstance(c, Checkpoint)]
    if len(saving) > 1:
        raise ValueError(
            "Several callbacks would save training and resume it: "
            f"{[type(c).__name__ for c in saving]}. Pass one `Checkpoint`; "
            "its argument `best` also keeps the best epoch."
        )
    others = [c for c in callbacks if c not in saving]
    return others + saving, saving[0] if saving else None
