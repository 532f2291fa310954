"""The real side of a measurement, kept on disk.

Going through the real images takes as long as going through the generated ones,
and their features never change. A file is found by the digest of what decides
its contents, which is written into it too and compared when it is read.
"""

import hashlib
import os
import zipfile

import numpy as np

from keras_gan.files import atomic_write

FORMAT = "1"


class ReferenceCache:
    """Accumulators of real images by data, extractor and kind.

    Args:
        folder: string, or None for `keras_gan/references` in Keras' own folder.
    """

    def __init__(self, folder=None):
        if folder is None:
            home = os.environ.get("KERAS_HOME", "~/.keras")
            folder = os.path.join(home, "keras_gan", "references")
        self.folder = os.path.expanduser(os.fspath(folder))

    def load(self, accumulator, identity):
        """Fill an accumulator from its file.

        Args:
            accumulator: an accumulator of `statistics.py`.
            identity: dict of strings; see `identity`.

        Returns:
            bool, whether there was a file.

        Raises:
            ValueError: where the file holds other data than its name says.
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

    def save(self, accumulator, identity):
        """Write an accumulator, whole or not at all."""
        marks = {f"identity/{key}": np.array(value) for key, value in identity.items()}
        with atomic_write(self.path(identity)) as draft:
            np.savez(draft, **marks, **accumulator.state())

    def path(self, identity):
        text = "|".join(f"{key}={identity[key]}" for key in sorted(identity))
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return os.path.join(self.folder, f"{name}.npz")


def identity(data, extractor, output, kind):
    """What decides the contents of a reference file."""
    return {
        "format": FORMAT,
        "data": data,
        "extractor": extractor.fingerprint,
        "output": output,
        "kind": kind,
    }
