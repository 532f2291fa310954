"""IDX files: reading, and errors about damaged files."""

import gzip
import struct

import numpy as np
import pytest

from keras_gan.datasets import idx_folder, read_idx

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def idx_bytes(array, kind=8):
    header = struct.pack(f">4B{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_read_idx_by_hand(tmp_path, compress):
    content = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
    (tmp_path / "file").write_bytes(compress(content))
    array = read_idx(tmp_path / "file")
    assert array.dtype == np.uint8
    assert array.tolist() == [[1, 2, 3], [4, 5, 255]]


GOOD = idx_bytes(np.zeros((2, 3)))
HUGE = bytes([0, 0, 8, 1, 128, 0, 0, 0]) + bytes(10**6)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG", "is not an IDX file: it starts with '89 50 4e 47'"),
        (b"", "is not an IDX file"),
        (idx_bytes(np.zeros(3), kind=0x0D), "holds IDX type 0x0d"),
        (bytes([0, 0, 8, 3, 0, 0]), "ends within its header of 3 dimensions"),
        (bytes([0, 0, 8, 0]), "ends within its header of 0 dimensions"),
        (GOOD[:-1], r"declares shape \(2, 3\), which takes 6 bytes, but holds 5"),
        (GOOD + b"x", "which takes 6 bytes, but holds more"),
        (idx_bytes(np.zeros(0))[:4] + b"\xff" * 4, "takes 4294967295 bytes"),
        (gzip.compress(GOOD, mtime=0)[:-9], "is a broken gzip file"),
        (gzip.compress(GOOD + bytes(10**6)), "6 bytes, but holds more"),
        (gzip.compress(HUGE), "would take 2,147 MB. It was not unpacked"),
    ],
)
def test_damaged_files(tmp_path, content, message):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_idx(tmp_path / "file")


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_folder(tmp_path, write_split, ending):
    write_split(tmp_path, "train", 5, ending)
    write_split(tmp_path, "t10k", 3, ending)
    train = idx_folder(tmp_path, labels=True, batch_size=2)
    assert (train.num_samples, len(train), train.image_shape) == (5, 2, (2, 3, 1))
    assert train.labels.tolist() == [0, 1, 2, 0, 1]
    test = idx_folder(tmp_path, split="test", batch_size=2)
    assert [len(batch) for batch in test] == [2, 1]
    first = np.round((test[0][0, :, :, 0] + 1) * 127.5)
    assert first.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_missing_file(tmp_path, write_split):
    write_split(tmp_path, "train", 5)
    (tmp_path / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="lacks train-images-idx3-ubyte or"):
        idx_folder(tmp_path)


def test_labels_of_another_length(tmp_path, write_split):
    write_split(tmp_path, "train", 5)
    labels = idx_bytes(np.zeros(4))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    with pytest.raises(ValueError, match=r"shape \(5, 2, 3\) and .*\(4,\)"):
        idx_folder(tmp_path, batch_size=2)


def test_unknown_split(tmp_path):
    with pytest.raises(ValueError, match='`split` must be "train" or "test"'):
        idx_folder(tmp_path, split="valid")
