"""Atomic writes, and errors that name the file and the mend."""

import contextlib
import errno
import os
import resource

import pytest

from keras_gan import files


@pytest.mark.parametrize("sync", [False, True])
def test_a_file_is_replaced_at_the_end(tmp_path, sync):
    path = tmp_path / "new" / "a.png"
    for content in (b"first", b"second"):
        with files.atomic_write(path, sync=sync) as draft:
            assert draft.suffix == ".png"
            assert draft.name.startswith(".")
            draft.write_bytes(content)
            assert path.exists() == (content == b"second")
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_write_that_fails_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail_half_way():
        with files.atomic_write(path) as draft:
            draft.write_text("half")
            raise error("disk full")

    with pytest.raises(error, match="disk full"):
        fail_half_way()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_no_folder(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    with pytest.raises(RuntimeError), files.atomic_write(kept / "a" / "b" / "c.txt"):
        raise RuntimeError
    assert list(tmp_path.rglob("*")) == [kept]
    writing = files.new_folder(kept / "a" / "b")
    writing.__enter__()
    (kept / "a" / "other").touch()
    assert not writing.__exit__(RuntimeError, RuntimeError(), None)
    assert sorted(tmp_path.rglob("*")) == [kept, kept / "a", kept / "a" / "other"]


def test_sync_reaches_the_disk_before_the_rename(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(files.os, "fsync", lambda _: calls.append("fsync"))
    replace = os.replace
    monkeypatch.setattr(
        files.os, "replace", lambda *args: (calls.append("replace"), replace(*args))
    )
    with files.atomic_write(tmp_path / "a.txt", sync=True) as draft:
        draft.write_text("a")
    assert calls == ["fsync", "replace", "fsync"]


def test_two_writers_do_not_share_a_draft(tmp_path):
    path = tmp_path / "a.txt"
    with files.atomic_write(path) as one, files.atomic_write(path) as other:
        one.write_text("one")
        other.write_text("other")
    assert path.read_text() == "one"


def test_text_is_utf8(tmp_path):
    files.write_text(tmp_path / "a.txt", "Fréchet")
    assert (tmp_path / "a.txt").read_bytes() == "Fréchet".encode()


def test_drafts_of_a_killed_process_are_removed(tmp_path):
    whole = tmp_path / "a.npz"
    whole.touch()
    names = []
    with files.atomic_write(whole) as draft:
        draft.touch()
        names.append(draft.name)
    (tmp_path / names[0]).touch()
    files.remove_drafts(tmp_path)
    assert list(tmp_path.iterdir()) == [whole]


@contextlib.contextmanager
def small_files():
    """Limit the size of files, which fails like a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_named_with_the_mend(tmp_path):
    path = tmp_path / "grid.png"
    path.write_text("old")
    with small_files(), pytest.raises(OSError, match="grid.png") as caught:
        files.write_text(path, "x" * 1000)
    assert caught.value.errno == errno.EFBIG
    said = f"'{path}' could not be written: File too large (EFBIG). Free space on"
    assert str(caught.value).startswith(said)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(files.UnwritableFile, match=r"file/a.txt'.*Pass a path that"):
        files.write_text(tmp_path / "file" / "a.txt", "x")


def test_errors_of_other_files_keep_their_names(tmp_path):
    raises = pytest.raises(FileNotFoundError, match="elsewhere")
    with raises, files.atomic_write(tmp_path / "a.txt"):
        (tmp_path / "b" / "elsewhere").read_text()


def test_any_error_on_a_full_disk_is_one_of_writing(tmp_path, monkeypatch):
    usage = files.shutil.disk_usage(tmp_path)

    def convert():
        with files.naming_errors(tmp_path / "model" / "1"):
            raise RuntimeError("file system scheme")

    with pytest.raises(RuntimeError, match="scheme"):
        convert()
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(files.UnwritableFile, match=r"model/1' .*ENOSPC.*another disk"):
        convert()


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ud800"])
def test_damaged_json_is_named(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(files.DamagedFile, match=r"a.json' is damaged.*JSON.*Mend it."):
        files.read_json(path, "Mend it.")
