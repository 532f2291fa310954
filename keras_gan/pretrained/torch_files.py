"""Read the tensors of a PyTorch file without PyTorch.

`torch.save` writes a pickle, in which a tensor refers to a storage, and the storages as
plain numbers: since version 1.6 as the members of a zip archive, and before that one
after another behind the pickle. The reader knows dicts and tensors alone: a pickle that
asks for anything else, which could run code, is refused.
"""

import collections
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from keras_gan.files import DamagedFile, check_unpacked

DTYPES = {
    "BoolStorage": "?",
    "ByteStorage": "u1",
    "CharStorage": "i1",
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "IntStorage": "<i4",
    "LongStorage": "<i8",
    "ShortStorage": "<i2",
}
# What the files of versions before 1.6 begin with.
MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
AGAIN = "Get the file again from where it was made."


def read_tensors(path: str | os.PathLike, mend: str = AGAIN) -> dict[str, np.ndarray]:
    """Read the tensors of a state dict.

    Args:
        path: a file that `torch.save(network.state_dict(), path)` wrote.
        mend: str, a sentence for the error about a damaged file.

    Returns:
        A dict from names to arrays.

    Raises:
        DamagedFile: if it is not whole, or holds anything but a dict of tensors.
    """
    try:
        with open(path, "rb") as file:
            read = _read_archive if zipfile.is_zipfile(file) else _read_sequence
            file.seek(0)
            found = read(file, path)
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever a pickle of other bytes raises
        said = str(error) or type(error).__name__
        raise DamagedFile(path, f"it is no file of tensors alone ({said})", mend) from (
            error
        )
    if not isinstance(found, dict) or not any(
        isinstance(v, _Tensor) for v in (found.values())
    ):
        raise DamagedFile(path, "it is no state dict", mend)
    return {k: v.array() for k, v in found.items() if isinstance(v, _Tensor)}


def _read_archive(file: BinaryIO, path: str | os.PathLike) -> Any:
    with zipfile.ZipFile(file) as archive:
        sizes = [(m.file_size, m.compress_size) for m in archive.infolist()]
        check_unpacked(path, *(sum(column) for column in zip(*sizes, strict=True)))
        (pickled,) = (n for n in archive.namelist() if n.endswith("/data.pkl"))
        folder = pickled.removesuffix("data.pkl")

        def storage(dtype, key, size):
            return np.frombuffer(archive.read(f"{folder}data/{key}"), dtype, size)

        with archive.open(pickled) as stream:
            return _Unpickler(io.BytesIO(stream.read()), storage).load()


def _read_sequence(file: BinaryIO, path: str | os.PathLike) -> Any:
    storages = {}

    def storage(dtype, key, size):
        return storages.setdefault(key, np.empty(size, dtype))

    def load():
        return _Unpickler(file, storage).load()

    if load() != MAGIC_NUMBER:
        raise ValueError("it begins with other bytes")
    load()  # the version of the format
    load()  # the sizes of the writer's integers
    found = load()
    for key in load():
        array = storages[key]
        size = int.from_bytes(file.read(8), "little")
        if size != array.size or file.readinto(memoryview(array).cast("B")) != (
            array.nbytes
        ):
            raise ValueError("it ends too early")
    return found


class _Tensor(collections.namedtuple("_Tensor", "storage offset shape strides")):
    """A view of a storage, which may not be filled yet."""

    def array(self) -> np.ndarray:
        last = sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        if self.offset < 0 or min(self.strides, default=0) < 0:
            raise ValueError("a tensor has a negative stride")
        if self.offset + last >= self.storage.size and 0 not in self.shape:
            raise ValueError("a tensor is larger than its storage")
        item = self.storage.itemsize
        strides = tuple(item * stride for stride in self.strides)
        view = np.lib.stride_tricks.as_strided(
            self.storage[self.offset :], self.shape, strides, writeable=False
        )
        return view.copy()


class _Unpickler(pickle.Unpickler):
    """An unpickler of dicts and tensors."""

    def __init__(self, file: BinaryIO, storage: Callable[[str, str, int], np.ndarray]):
        super().__init__(file, encoding="utf-8")
        self.storage = storage

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _Tensor(
                storage, offset, shape, strides
            )
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, reference: tuple) -> np.ndarray:
        _, dtype, key, _, size, *_ = reference
        return self.storage(dtype, key, size)
