"""Files of arrays, read without trust: NumPy's `.npz`, and Keras' weights.

A file's headers say how large its arrays are. They are checked before anything is
unpacked, so that a small file cannot fill the memory. Pickled objects are refused.
"""

import contextlib
import glob
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import h5py
import numpy as np

from keras_gan.files import DamagedFile, check_unpacked

MEND = "Remove it, or restore it from a copy."
KINDS = "biuf"  # booleans, integers, floats
STRING_BYTES = 2**22  # of one array; strings are names, and so are short
_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class Header(NamedTuple):
    """The shape and the dtype of an array in a file."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def num_bytes(self) -> int:
        """The size of the array in memory."""
        return int(np.prod(self.shape, dtype=object)) * self.dtype.itemsize


class ArrayFile:
    """An open `.npz` file.

    Args:
        file: the open file.
        path: its path, for errors.
        mend: str, a sentence for errors.

    Raises:
        DamagedFile: if it is no `.npz` file.
    """

    def __init__(self, file: Any, path: str | os.PathLike, mend: str = MEND):
        self.path, self.mend = path, mend
        with self._naming_damage():
            self._archive = zipfile.ZipFile(file)
            self._members = {m.filename: m for m in self._archive.infolist()}
            names = [name for name in self._members if name.endswith(".npy")]
            self.headers = {n.removesuffix(".npy"): self._header(n) for n in names}

    def read(
        self, check: Callable[[Mapping[str, Header]], None] | None = None
    ) -> dict[str, np.ndarray]:
        """Read all arrays.

        Args:
            check: a function that raises an error unless the headers, a dict by the
                names of the arrays, are as expected. Without it the arrays may take
                as much memory as `files.check_unpacked` allows.

        Raises:
            DamagedFile: if the file is damaged, or too large when unpacked.
        """
        if check is not None:
            check(self.headers)
        else:
            num_bytes = sum(header.num_bytes for header in self.headers.values())
            packed = sum(member.compress_size for member in self._members.values())
            check_unpacked(self.path, num_bytes, packed)
        with self._naming_damage():
            return {name: self._array(f"{name}.npy") for name in self.headers}

    def text(self, name: str) -> str:
        """Read a member of the file that is UTF-8 text."""
        with self._naming_damage():
            member = self._members[name]
            check_unpacked(self.path, member.file_size, member.compress_size)
            return self._archive.read(member).decode()

    def _header(self, name):
        with self._archive.open(name) as member:
            version = np.lib.format.read_magic(member)
            if version not in _READ_HEADER:
                raise ValueError(f"{name} has a header of version {version}")
            shape, _, dtype = _READ_HEADER[version](member)
            header = Header(shape, dtype)
            is_short = dtype.kind == "U" and header.num_bytes <= STRING_BYTES
            if dtype.kind not in KINDS and not is_short:
                raise ValueError(f"{name} holds values of the type {dtype}")
            if member.tell() + header.num_bytes != self._members[name].file_size:
                raise ValueError(f"the length of {name} does not fit its header")
        return header

    def _array(self, name):
        with self._archive.open(name) as member:
            return np.lib.format.read_array(member, allow_pickle=False)

    @contextlib.contextmanager
    def _naming_damage(self):
        try:
            yield
        except DamagedFile:
            raise
        except Exception as error:  # whatever the parsers of a damaged file raise
            found = f"it is not a whole file of arrays ({error})"
            raise DamagedFile(self.path, found, self.mend) from error


@contextlib.contextmanager
def open_arrays(path: str | os.PathLike, mend: str = MEND) -> Iterator[ArrayFile]:
    """Open an `.npz` file; arguments and errors are those of `ArrayFile`."""
    with open(Path(path), "rb") as file:
        yield ArrayFile(file, path, mend)


def read(
    path: str | os.PathLike,
    check: Callable[[Mapping[str, Header]], None] | None = None,
    mend: str = MEND,
) -> dict[str, np.ndarray]:
    """Read an `.npz` file: a dict of arrays.

    Args:
        path: the file.
        check: see `ArrayFile.read`.
        mend: str, a sentence for errors.

    Raises:
        DamagedFile: if the file is damaged, or too large when unpacked.

    Example:

    ```python
    import numpy as np
    from keras_gan import array_files

    np.savez("weights.npz", kernel=np.zeros((3, 4)))
    array_files.read("weights.npz")["kernel"].shape  # (3, 4)
    ```
    """
    with open_arrays(path, mend) as file:
        return file.read(check)


def check_weights(path: str | os.PathLike) -> None:
    """Check the sizes that a file of weights declares, before Keras unpacks it.

    Args:
        path: a `.weights.h5` file, the `.weights.json` of one that is split, or a
            `.keras` file.

    Raises:
        DamagedFile: if it is far larger unpacked than packed.
    """
    path = Path(path)
    if path.suffix == ".keras":
        _check_archive(path)
    elif path.suffix == ".h5":
        _check_hdf5(path, path)
    elif path.suffix == ".json":
        stem = path.name.removesuffix(".json")
        for shard in path.parent.glob(f"{glob.escape(stem)}*.h5"):
            _check_hdf5(shard, shard)


def _check_archive(path):
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        num_bytes = sum(member.file_size for member in members)
        check_unpacked(path, num_bytes, sum(m.compress_size for m in members))
        for name in archive.namelist():
            if name.endswith(".h5"):
                with archive.open(name) as member:
                    _check_hdf5(path, member)


def _check_hdf5(path: Path, file: Path | BinaryIO):
    sizes = []

    def add_size(_, each):
        if isinstance(each, h5py.Dataset):
            sizes.append(each.size * each.dtype.itemsize)

    with h5py.File(file) as opened:
        opened.visititems(add_size)
    check_unpacked(path, sum(sizes), path.stat().st_size)
