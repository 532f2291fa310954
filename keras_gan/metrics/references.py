"""Cache of the statistics of real images on disk.

Processing the real images takes as long as processing the generated ones, and their
features never change. The name of a file is a digest of everything that determines its
contents. This is also written into the file and checked when it is read.
"""

import hashlib
import os
import zipfile
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.files import atomic_write
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
            bool, whether the cache has the file.

        Raises:
            ValueError: if the file is damaged, or its contents do not match its name.
        """
        path = self.path(identity)
        if not os.path.exists(path):
            return False
        try:
            with open(path, "rb") as file, np.load(file) as archive:
                arrays = dict(archive)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"The reference file {path} cannot be read ({error}). Delete it."
            ) from error
        for key, expected in identity.items():
            found = str(arrays.pop(f"identity/{key}", "nothing"))
            if found != expected:
                raise ValueError(
                    f"The reference file {path} was made from another {key}: it says "
                    f"{found}, expected {expected}. Delete it."
                )
        accumulator.load_state(arrays)
        return True

    def save(self, accumulator: Any, identity: dict[str, str]) -> None:
        """Write an accumulator to a temporary file, then rename it."""
        marks = {f"identity/{key}": np.array(value) for key, value in identity.items()}
        with atomic_write(self.path(identity)) as draft:
            np.savez(draft, **marks, **accumulator.state())

    def path(self, identity: dict[str, str]) -> str:
        """Return the path of the file for an identity."""
        text = "|".join(f"{key}={identity[key]}" for key in sorted(identity))
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return os.path.join(self.folder, f"{name}.npz")


def identity(data: str, extractor: Extractor, output: str, kind: str) -> dict[str, str]:
    """Return everything that determines the contents of a file, as a dict."""
    return {
        "format": FORMAT,
        "data": data,
        "extractor": extractor.fingerprint,
        "output": output,
        "kind": kind,
    }
