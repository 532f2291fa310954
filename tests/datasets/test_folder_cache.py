"""Caches of decoded pictures: memory, a file, or none."""

import errno
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from made import save, stored

from keras_gan.datasets import cache as cache_module
from keras_gan.datasets import horizontal_flip, image_folder
from keras_gan.datasets.sources import ImageFile

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.mark.parametrize("cache", ["memory", "file", None])
def test_every_cache_gives_the_same_batches(greys, tmp_path, cache):
    options = {"batch_size": 2, "augment": horizontal_flip, "size": (4, 6)}
    expected = np.stack(list(image_folder(greys, **options)))
    cache = tmp_path / "cache" if cache == "file" else cache
    data = image_folder(greys, cache=cache, **options)
    np.testing.assert_array_equal(np.stack(list(data)), expected)
    np.testing.assert_array_equal(stored(data)[:, 0, 0, 0], range(0, 60, 10))


def test_memory_cache_reads_each_file_once(greys):
    data = image_folder(greys, batch_size=2)
    for path in greys.iterdir():
        path.unlink()
    assert sum(len(batch) for batch in data) == 6


@pytest.fixture
def count_writes(monkeypatch):
    """Record the calls that decode into a file."""
    calls = []
    write = cache_module.write
    monkeypatch.setattr(
        cache_module, "write", lambda *args: [calls.append(args), write(*args)]
    )
    return calls


def test_file_cache_is_reused_until_the_folder_changes(greys, tmp_path, count_writes):
    cache = tmp_path / "cache"
    first = image_folder(greys, batch_size=2, cache=cache)
    assert isinstance(first.images, ImageFile)
    assert sorted(path.suffix for path in cache.iterdir()) == [".bytes", ".json"]
    image_folder(greys, batch_size=2, cache=cache)
    assert len(count_writes) == 1
    save(greys / "0.png", np.full((5, 7), 77))
    changed = image_folder(greys, batch_size=2, cache=cache)
    assert len(count_writes) == 2
    assert stored(changed)[0, 0, 0, 0] == 77


@pytest.mark.parametrize(
    ("name", "content"),
    [("bytes", bytes(209)), ("json", b'{"shape": [6, 5,'), ("json", b"[0, 1, 2]")],
)
def test_a_damaged_file_is_written_again(greys, tmp_path, count_writes, name, content):
    cache = tmp_path / "cache"
    data = image_folder(greys, batch_size=2, cache=cache)
    (path,) = cache.glob(f"*.{name}")
    path.write_bytes(content)
    if name == "bytes":
        with pytest.raises(OSError, match=r"shorter than its 210 bytes. Delete it"):
            data.arrays()
    again = image_folder(greys, batch_size=2, cache=cache)
    assert len(count_writes) == 2
    assert stored(again)[:, 0, 0, 0].tolist() == [0, 10, 20, 30, 40, 50]


def test_a_file_that_vanishes_in_training_is_named(greys, tmp_path):
    data = image_folder(greys, batch_size=2, cache=tmp_path / "cache")
    data.images.path.unlink()
    with pytest.raises(FileNotFoundError, match=r"decoded pictures, has vanished"):
        data[0]


def test_skipped_pictures_are_not_skipped_silently_later(greys, tmp_path):
    cache = tmp_path / "cache"
    broken = greys / "2.png"
    content = broken.read_bytes()
    broken.write_bytes(content[:45] + b"garbage" + content[52:])
    with pytest.warns(UserWarning, match="Left out 1 of 6"):
        image_folder(greys, batch_size=2, cache=cache, on_error="skip")
    with pytest.raises(ValueError, match=r"2\.png cannot be read"):
        image_folder(greys, batch_size=2, cache=cache)


def test_file_cache_stays_a_file_under_random_crops(greys, tmp_path):
    options = {"size": 4, "crop": "random", "cache": tmp_path / "cache"}
    data = image_folder(greys, batch_size=2, **options)
    assert data.images.shape == (6, 4, 6, 1)
    assert data[0].shape == (2, 4, 4, 1)


def test_file_cache_cannot_hold_different_shapes(tmp_path):
    save(tmp_path / "a.png", np.zeros((4, 8)))
    save(tmp_path / "b.png", np.zeros((8, 4)))
    with pytest.raises(ValueError, match='Pass crop="center", cache="memory"'):
        image_folder(tmp_path, size=4, crop="random", cache=tmp_path / "cache")


def test_more_pictures_than_memory(greys, monkeypatch):
    monkeypatch.setattr(cache_module, "memory_limit", lambda: 200)
    with pytest.raises(ValueError, match=r"the 6 pictures take .* Pass cache=FOLDER"):
        image_folder(greys, batch_size=2)


def test_memory_limit_holds_for_random_crops(greys, monkeypatch):
    save(greys / "z.png", np.zeros((5, 70)))
    monkeypatch.setattr(cache_module, "memory_limit", lambda: 7 * 20 + 1)
    with pytest.raises(ValueError, match="the 7 pictures take"):
        image_folder(greys, size=4, crop="random", batch_size=2)


def test_missing_disk_space_is_found_before_decoding(greys, tmp_path, monkeypatch):
    def disk_usage(folder):
        return types.SimpleNamespace(free=209)

    monkeypatch.setattr(cache_module.shutil, "disk_usage", disk_usage)
    cache = tmp_path / "cache"
    message = r"cannot be kept in .*the disk has 0.0 GiB left. Pass another .*=None to"
    with pytest.raises(OSError, match=message):
        image_folder(greys, batch_size=2, cache=cache)
    assert not list(cache.iterdir())


def test_a_full_disk_leaves_no_files(greys, tmp_path, monkeypatch):
    def replace(part, path):
        raise OSError(errno.ENOSPC, "No space left on device", str(part))

    monkeypatch.setattr(cache_module.os, "replace", replace)
    cache = tmp_path / "cache"
    with pytest.raises(OSError, match="No space left on device.*Pass another folder"):
        image_folder(greys, batch_size=2, cache=cache)
    assert not list(cache.iterdir())


def test_a_folder_that_cannot_be_created(greys):
    with pytest.raises(OSError, match=r"cannot be kept in .*0\.png.*Pass another"):
        image_folder(greys, batch_size=2, cache=greys / "0.png" / "cache")


MEASURE = """
import os, sys
from pathlib import Path

import numpy as np

from keras_gan.datasets import Batches, cache

def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

def read(path):
    seen.append(resident_bytes())
    return np.full(shape, len(seen) % 256, np.uint8)

path, folder, num_images = sys.argv[1], sys.argv[2], int(sys.argv[3])
cache.CHUNK_BYTES = 4 * 2**20
seen, shape = [resident_bytes()], (128, 128, 3)
shapes = [shape] * num_images
images, _ = cache.in_file([path] * num_images, read, shapes, False, Path(folder))
for _ in Batches(images, batch_size=32, prefetch=2):
    seen.append(resident_bytes())
assert len(seen) == 1 + num_images + num_images // 32
print(max(seen) - seen[0])
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_memory_does_not_grow_with_the_folder(greys, tmp_path):
    # In a separate process, because other tests change the memory of this one.
    command = [sys.executable, "-c", MEASURE, greys / "0.png", tmp_path, "4096"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 96 * 2**20  # of 201 MB
