"""Keras' own callback for going on, made exact."""

import contextlib

import keras

from keras_gan import checkpoints
from keras_gan.callbacks.checkpoint import Checkpoint


class Backup(Checkpoint):
    """What `fit` puts in the place of a `keras.callbacks.BackupAndRestore`.

    Keras' callback goes back to the beginning of the epoch, with the weights of
    its middle. This one is a `Checkpoint` in the same folder.

    Args:
        original: the `keras.callbacks.BackupAndRestore`.
    """

    def __init__(self, original):
        super().__init__(original.backup_dir, original.save_freq or None, keep=2)
        self.delete_checkpoint = original.delete_checkpoint

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        if self.delete_checkpoint:
            for path in checkpoints.listed(self.directory):
                path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # it holds files of others
                self.directory.rmdir()


def take_over(callbacks):
    """Put the one that saves last, after all that may change what is saved.

    Args:
        callbacks: what `fit` got: a list, a callback, a `CallbackList`, or None.

    Returns:
        `callbacks, checkpoint`: the list, and its `Checkpoint` or None.

    Raises:
        ValueError: if there are several.
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
            "Several callbacks want to save training and to go on from what they "
            f"saved: {[type(c).__name__ for c in saving]}. Pass one `Checkpoint`; "
            "its `best` keeps the best epoch besides."
        )
    others = [c for c in callbacks if c not in saving]
    return others + saving, saving[0] if saving else None
