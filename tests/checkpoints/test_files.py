"""Whole or not at all: files that tell when a bit of them has changed."""

import errno
import os
import zipfile

import numpy as np
import pytest

from keras_gan import checkpoints
from keras_gan.checkpoints import files

ARRAYS = {
    "generator/dense/kernel": np.arange(6, dtype="float32").reshape(2, 3),
    "generator/dense/kernel~2": np.float64(0.1) * np.ones(()),
    "state/seed": np.array([7, 9], "uint32"),
}
FACTS = {"epoch": 3, "history": {"d_loss": [0.1, float("inf")]}}


@pytest.fixture
def path(tmp_path):
    path = checkpoints.path_of(tmp_path, 12)
    checkpoints.write(path, ARRAYS, FACTS)
    return path


def test_what_is_written_is_read(path):
    arrays, facts = checkpoints.read(path)
    assert facts == FACTS
    assert list(arrays) == list(ARRAYS)
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
    assert [p.name for p in path.parent.iterdir()] == ["step_000000012.npz"]


def test_numpy_opens_it_too(path):
    with np.load(path) as opened:
        np.testing.assert_array_equal(opened["state/seed"], [7, 9])
    assert zipfile.ZipFile(path).testzip() is None


def test_any_flipped_bit_is_found(path):
    whole = path.read_bytes()
    checkpoints.verify(path)
    for position in range(len(whole)):
        broken = bytearray(whole)
        broken[position] ^= 1 << position % 8
        path.write_bytes(broken)
        with pytest.raises(checkpoints.DamagedCheckpoint, match="step_000000012.npz"):
            checkpoints.verify(path)
    with pytest.raises(checkpoints.DamagedCheckpoint, match="is damaged"):
        checkpoints.read(path)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 500, -1])
def test_truncation_is_found(path, size):
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(checkpoints.DamagedCheckpoint, match="is damaged"):
        checkpoints.read(path)


def test_latest_passes_over_the_damaged(tmp_path):
    assert checkpoints.latest(tmp_path) is None
    assert checkpoints.latest(tmp_path / "none") is None
    paths = [checkpoints.path_of(tmp_path, steps) for steps in (900, 1000, 20_000)]
    for path in paths:
        checkpoints.write(path, ARRAYS, FACTS)
    assert checkpoints.latest(tmp_path) == paths[2]
    paths[2].write_bytes(paths[2].read_bytes()[:-10])
    with pytest.warns(UserWarning, match="step_000020000.*damaged.*step_000001000"):
        assert checkpoints.latest(tmp_path) == paths[1]
    for path in paths[:2]:
        path.write_bytes(b"")
    with pytest.raises(checkpoints.DamagedCheckpoint, match="all its 3 files"):
        checkpoints.latest(tmp_path)


def test_prune_keeps_the_last_and_sweep_the_whole(tmp_path):
    for steps in range(10, 60, 10):
        checkpoints.write(checkpoints.path_of(tmp_path, steps), ARRAYS, FACTS)
    checkpoints.copy(checkpoints.path_of(tmp_path, 10), tmp_path / "best.npz")
    (tmp_path / ".step_000000060.12345678.partial.npz").write_bytes(b"half")
    checkpoints.prune(tmp_path, 2, num_steps=40)
    checkpoints.sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "best.npz",
        "step_000000030.npz",
        "step_000000040.npz",
        "step_000000050.npz",
    ]
    checkpoints.verify(tmp_path / "best.npz")


def test_copies_where_links_are_refused(path, monkeypatch):
    def refuse(*args):
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", refuse)
    checkpoints.copy(path, path.with_name("best.npz"))
    assert path.with_name("best.npz").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("moment", ["_pack", "_seal"])
def test_a_write_that_fails_leaves_what_was_there(path, monkeypatch, moment):
    before = path.read_bytes()
    original = getattr(files, moment)

    def fail(file, *args):
        original(file, *args)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, moment, fail)
    with pytest.raises(OSError, match="No space"):
        checkpoints.write(path, {"x": np.zeros(1000)}, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
