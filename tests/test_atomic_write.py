"""Atomic writes."""

import os

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
