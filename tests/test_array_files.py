"""Files of arrays are checked by their headers before they are unpacked."""

import io
import re
import zipfile

import h5py
import numpy as np
import pytest

from keras_gan import array_files
from keras_gan.files import DamagedFile

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "arrays.npz"


def npy(array=None, header=None, data=b"", **options):
    """A member: an array, or a header with data of another length."""
    file = io.BytesIO()
    if header is None:
        np.save(file, array, **options)
    else:
        np.lib.format.write_array_header_1_0(file, header)
        file.write(data)
    return file.getvalue()


def write(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back(path, save):
    arrays = {"a/kernel": np.arange(6.0).reshape(2, 3), "mark": np.array("text")}
    save(path, **arrays)
    read = array_files.read(path)
    assert read.keys() == arrays.keys()
    np.testing.assert_array_equal(read["a/kernel"], arrays["a/kernel"])
    assert read["mark"] == "text"


def test_a_bomb_is_not_unpacked(path):
    np.savez_compressed(path, kernel=np.zeros(70 * 2**20, "uint8"))
    size = f"{path.stat().st_size / 1e6:.1f}"
    message = f"its {size} MB would take 73 MB. It was not unpacked. Get the file"
    with pytest.raises(DamagedFile, match=re.escape(message)):
        array_files.read(path)
    headers = {}
    arrays = array_files.read(path, headers.update)  # the caller knows the size
    assert headers["kernel"].shape == arrays["kernel"].shape == (70 * 2**20,)


def test_the_callers_check_comes_before_the_reading(path, monkeypatch):
    np.savez(path, kernel=np.zeros(3))

    def check(headers):
        raise ValueError("of another model")

    monkeypatch.setattr(np.lib.format, "read_array", None)
    with pytest.raises(ValueError, match="of another model"):
        array_files.read(path, check)


FLOAT = {"descr": "<f4", "fortran_order": False}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a.npy": npy(header=FLOAT | {"shape": (10**12,)})}, "length of a.npy"),
        ({"a.npy": npy(header=FLOAT | {"shape": (2,)}, data=bytes(12))}, "length of"),
        (
            {"a.npy": npy(np.array([{}]), allow_pickle=True)},
            "values of the type object",
        ),
        ({"a.npy": npy(np.zeros(2**18, "U8"))}, "values of the type <U8"),
        ({"a.npy": b"\x93NUMPY\x09\x00"}, "not a whole file of arrays"),
        ({"a.npy": b""}, "not a whole file of arrays"),
    ],
)
def test_altered_members(path, members, message):
    write(path, members)
    with pytest.raises(DamagedFile, match=f"arrays.npz' is damaged: .*{message}"):
        array_files.read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89PNG" * 50])
def test_other_files(path, content):
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match="Mend it."):
        array_files.read(path, mend="Mend it.")


def test_every_cut_and_every_changed_byte_is_noticed_or_harmless(path):
    array = np.arange(40.0)
    np.savez(path, a=array)
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        for content in (
            whole[:position],
            whole[:position] + bytes([whole[position] ^ 64]) + whole[position + 1 :],
        ):
            path.write_bytes(content)
            try:
                read = array_files.read(path)
            except DamagedFile:
                continue
            for values in read.values():
                np.testing.assert_array_equal(values, array)


def test_weights_that_are_a_bomb_are_not_unpacked(tmp_path):
    path = tmp_path / "gan.weights.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("kernel", (70 * 2**20,), "uint8", chunks=True)
    with pytest.raises(DamagedFile, match="would take 73 MB. It was not unpacked"):
        array_files.check_weights(path)
    with h5py.File(path, "w") as file:
        file.create_dataset("kernel", (3, 4), "float32")
    array_files.check_weights(path)
