"""Find the picture files of a folder: which are read, and what is left out."""

import collections
import json
import os
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

from keras_gan._typing import PathLike
from keras_gan.datasets.pictures import EXTENSIONS, UnreadablePicture, shown

# Pictures that are not read. A folder often holds other files, such as captions.
OTHER_EXTENSIONS = (
    *(".avif", ".heic", ".heif", ".jp2", ".jxl", ".jfif", ".svg", ".svgz", ".eps"),
    *(".pbm", ".pgm", ".pnm", ".ppm", ".tga", ".ico", ".psd", ".xcf", ".exr", ".hdr"),
    *(".arw", ".cr2", ".cr3", ".dng", ".nef", ".orf", ".raf", ".rw2", ".raw", ".dcm"),
)
NO_EXTENSION = "without an ending"


class Finder:
    """Search a folder and its subfolders for pictures, in the order of their paths.

    Hidden files and folders are left out, and so are the folders of runs, whose sample
    images would become training data. Links are followed.

    Args:
        folder: The folder.
        skip: Whether to go on after what cannot be read, which is then in `problems`.

    Attributes:
        paths: The picture files.
        others: Number of files of each other kind, by their ending.
        runs: The folders of runs.
        problems: What could not be read.
        subfolders: The names of the folders in the folder itself.

    Raises:
        ValueError: If there is no such folder.
        UnreadablePicture: Without `skip`, if a folder cannot be read, a link leads
            nowhere or back to a folder that holds it, or a picture is not a file.
    """

    def __init__(self, folder: PathLike, skip: bool = False) -> None:
        self.folder = os.path.expanduser(os.fspath(folder))
        self.skip = skip
        self.paths, self.runs, self.problems, self.subfolders = [], [], [], []
        self.others = collections.Counter()
        if not os.path.isdir(self.folder):
            raise ValueError(f"There is no folder {self.folder!r}.")
        self._search(self.folder, parents=())

    def _search(self, folder, parents):
        try:
            names = sorted(visible(folder))
            if is_run(folder):
                self.runs.append(folder)
                return
            place = identity(folder)
        except OSError as error:
            self._report(folder, f"the folder cannot be read: {error.strerror}")
            return
        if place in parents:
            self._report(folder, "a link to a folder that holds it: remove it")
            return
        if len(parents) == 1:
            self.subfolders.append(os.path.basename(folder))
        for name in names:
            path = os.path.join(folder, name)
            try:
                kind = os.stat(path).st_mode
            except OSError as error:
                self._report(path, f"it cannot be reached: {error.strerror}")
                continue
            if stat.S_ISDIR(kind):
                self._search(path, (*parents, place))
            elif not name.lower().endswith(EXTENSIONS):
                ending = os.path.splitext(name)[1].lower()
                self.others[ending or NO_EXTENSION] += 1
            elif stat.S_ISREG(kind):
                self.paths.append(path)
            else:
                self._report(path, "not a file, but a pipe, socket or device")

    def _report(self, path, problem):
        if not self.skip:
            raise UnreadablePicture(
                f"{shown(path)} is not a picture ({problem}). Repair or remove it, or "
                'leave out what is broken: `on_error="skip"`.'
            )
        self.problems.append(path)


def find_pictures(folder: PathLike, skip: bool = False) -> Finder:
    """Find the pictures of a folder, and warn of pictures that are not read.

    Raises:
        ValueError: If there is none.
        UnreadablePicture: See `Finder`.
    """
    found = Finder(folder, skip)
    if not found.paths:
        raise ValueError(
            f"The folder {str(folder)!r} and its subfolders hold no picture. Pictures "
            f"are files that end in {', '.join(EXTENSIONS)}.{_what_else(found)}"
        )
    unread = {
        ending: number
        for ending, number in found.others.items()
        if ending in (*OTHER_EXTENSIONS, NO_EXTENSION)
    }
    if unread:
        warnings.warn(
            f"The folder {str(folder)!r} holds {_counted(unread)}, which are not read: "
            f"only {', '.join(EXTENSIONS)}. Convert them if they are pictures to use.",
            stacklevel=3,
        )
    return found


def visible(folder: PathLike) -> Iterator[str]:
    """Yield the names in a folder that are not hidden."""
    with os.scandir(folder) as entries:
        yield from (e.name for e in entries if not e.name.startswith("."))


def is_run(folder: PathLike) -> bool:
    """Return whether a folder is that of a training run: its settings name a preset."""
    settings = Path(folder, "settings.json")
    try:
        return settings.is_file() and "preset" in json.loads(settings.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def identity(path: PathLike) -> tuple[int, int]:
    """Return what all paths of one file or folder have in common."""
    facts = os.stat(path)
    return facts.st_dev, facts.st_ino


def _what_else(found):
    if found.runs:
        return (
            f" {shown(found.runs[0])} is the folder of a run, whose own images are "
            f"not taken for data. To measure them, pass its folder of samples."
        )
    return f" It holds {_counted(found.others)}." if found.others else ""


def _counted(endings):
    """Return "3 files: 2 .heic, 1 .svg"."""
    kinds = sorted(endings.items(), key=lambda each: (-each[1], each[0]))
    total = sum(endings.values())
    names = ", ".join(f"{number} {ending}" for ending, number in kinds[:8])
    more = ", ..." if kinds[8:] else ""
    return f"{total} other file{'s' * (total > 1)} ({names}{more})"
