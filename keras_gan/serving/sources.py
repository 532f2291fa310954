"""The folder of a model, and the versions in it."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re

NUMBER = re.compile("[0-9]{1,18}")  # isdigit() takes "²", which int() does not


@dataclasses.dataclass
class ModelSource:
    """A model's name, its folder, and its versions to serve.

    `versions` is the number of the latest ones, `"all"`, or a list of numbers.
    """

    name: str
    path: pathlib.Path
    versions: object = 1
    labels: dict = dataclasses.field(default_factory=dict)

    def wanted(self) -> dict[int, pathlib.Path]:
        """Return the versions in the folder that are to be served now, and where.

        Raises:
            OSError: if the folder cannot be read.
        """
        present = dict(sorted(versions_in(self.path).items()))
        if self.versions == "all":
            return present
        if isinstance(self.versions, int):
            return dict(list(present.items())[-self.versions :])
        return {v: path for v, path in present.items() if v in self.versions}


def versions_in(path: pathlib.Path) -> dict[int, pathlib.Path]:
    """Return the versions in a model's folder, and their folders.

    Raises:
        OSError: if the folder cannot be read.
    """
    if not path.is_dir():
        return {}
    # Of "7" and "007" the first one, as TensorFlow Serving has it.
    found = sorted(path.iterdir(), key=lambda p: (len(p.name), p.name), reverse=True)
    return {int(p.name): p for p in found if _is_version(p)}


def _is_version(path):
    if not NUMBER.fullmatch(path.name):
        return False
    try:
        return is_saved_model(path)
    except OSError:  # that it cannot be read is found, and said, when it is loaded
        return True


def is_saved_model(path: pathlib.Path) -> bool:
    """Whether a folder is one version of a SavedModel."""
    return (path / "saved_model.pb").is_file()


def fingerprint(path: pathlib.Path) -> frozenset:
    """Return what changes when a file in a version's folder does.

    Raises:
        OSError: if a file vanished or cannot be read.
    """
    files = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(path)
        for name in names
    ]
    stats = [os.stat(file) for file in files]
    marks = [(stat.st_size, stat.st_mtime_ns, stat.st_ino) for stat in stats]
    return frozenset(zip(files, marks, strict=True))
