"""Cache of the statistics of real images on disk.

Processing the real images takes as long as processing the generated ones, and their
features never change. The name of a file is a digest of everything that determines its
contents. This is also written into the file and checked when it is read.
"""

import hashlib
import os
import warnings
from typing import Any

import numpy as np

from keras_gan import array_files
from keras_gan._typing import PathLike
from keras_gan.files import atomic_write, optional_cache
from keras_gan.metrics.features.extractor import Extractor

FORMAT = "1"


class ReferenceCache:
    """Cache of accumulators of real images, by data, extractor and kind.

    Args:
        folder: string, or None for `keras_gan/references` in Keras' own folder.
    """

    def __init__(self, folder: PathLike | None = None) -> None:
        if folder is None:
            home = os.environ.get("KERAS_HOME", "~/.keras")
            folder = os.path.join(home, "keras_gan", "references")
        self.folder = os.path.expanduser(os.fspath(folder))

    def load(self, accumulator: Any, identity: dict[str, str]) -> bool:
        """Fill an accumulator from its file.

        Args:
            accumulator: an accumulator of `statistics.py`.
            identity: dict of strings; see `identity`.

        Returns:
            bool, whether the cache has the file. A damaged one is not used: a warning
            names it, and the next `save` replaces it.
        """
        path = self.path(identity)
        try:
            arrays = array_files.read(path)
            _check_identity(arrays, identity)
            accumulator.load_state(arrays)
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            warnings.warn(
                f"The statistics of the real images are computed again: {path} cannot "
                f"be used ({error})",
                stacklevel=2,
            )
            return False
        return True

    def save(self, accumulator: Any, identity: dict[str, str]) -> None:
        """Write an accumulator to a temporary file, then rename it.

        A folder that cannot be written to is a warning: the next run computes the
        statistics again.
        """
        marks = {f"identity/{key}": np.array(value) for key, value in identity.items()}
        path = self.path(identity)
        with optional_cache(path), atomic_write(path) as draft:
            np.savez(draft, **marks, **accumulator.state())

    def path(self, identity: dict[str, str]) -> str:
        """Return the path of the file for an identity."""
        text = "|".join(f"{key}={identity[key]}" for key in sorted(identity))
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return os.path.join(self.folder, f"{name}.npz")


def _check_identity(arrays, identity):
    """Take the identity out of a file's arrays, and raise if it is another."""
    for key, expected in identity.items():
        found = str(arrays.pop(f"identity/{key}", "nothing"))
        if found != expected:
            raise ValueError(
                f"it was made from another {key}: it says {found}, expected {expected}"
            )


def identity(data: str, extractor: Extractor, output: str, kind: str) -> dict[str, str]:
    """Return everything that determines the contents of a file, as a dict."""
    return {
        "format": FORMAT,
        "data": data,
        "extractor": extractor.fingerprint,
        "output": output,
        "kind": kind,
    }
