"""Checkpoint files: the whole state of a training run, written atomically.

`keras_gan.callbacks.Checkpoint` writes them during `fit`, and the same `fit` run
again goes on from the newest. This package knows the files: arrays by name and
facts as JSON, under one checksum.
"""

from keras_gan.checkpoints.files import DamagedCheckpoint, copy, read, verify, write
from keras_gan.checkpoints.folder import latest, listed, path_of, prune, sweep
from keras_gan.checkpoints.variables import arrays_of, assign, assign_file, check, named

__all__ = [
    "DamagedCheckpoint",
    "arrays_of",
    "assign",
    "assign_file",
    "check",
    "copy",
    "latest",
    "listed",
    "named",
    "path_of",
    "prune",
    "read",
    "sweep",
    "verify",
    "write",
]
