"""One training at a time writes to a folder."""

import subprocess
import sys

import pytest

from keras_gan import folder_lock

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

# The module alone, without the package around it, which imports Keras.
HOLDER = f"""
import runpy, sys, time
hold = runpy.run_path({folder_lock.__file__!r})["hold"]
with hold(sys.argv[1]):
    print("holds", flush=True)
    time.sleep(600)
"""


def test_a_second_is_refused_and_a_third_comes_after(tmp_path):
    folder = tmp_path / "run"
    with folder_lock.hold(folder):
        raises = pytest.raises(OSError, match=r"run' is in use.*pass another folder")
        with raises, folder_lock.hold(folder):
            pass
        with folder_lock.hold(tmp_path / "other"):
            pass
    with folder_lock.hold(folder):
        pass
    assert list(folder.iterdir()) == []


def test_the_lock_dies_with_its_holder(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "holds\n"
        with pytest.raises(folder_lock.FolderInUse):
            folder_lock.hold(tmp_path).__enter__()
        process.kill()
    with folder_lock.hold(tmp_path):
        pass


def test_an_error_gives_the_lock_back(tmp_path):
    with pytest.raises(KeyboardInterrupt), folder_lock.hold(tmp_path):
        raise KeyboardInterrupt
    with folder_lock.hold(tmp_path):
        pass


def test_a_folder_that_is_removed_meanwhile(tmp_path):
    with folder_lock.hold(tmp_path / "run"):
        (tmp_path / "run" / ".lock").unlink()
        (tmp_path / "run").rmdir()
    with folder_lock.hold(tmp_path / "run"):
        assert (tmp_path / "run" / ".lock").exists()


def test_a_file_system_without_locks_is_told(tmp_path, monkeypatch):
    import filelock

    def refuse(self, timeout):
        raise NotImplementedError("no flock here")

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    warns = pytest.warns(UserWarning, match=r"could not be locked .no flock here")
    with warns, folder_lock.hold(tmp_path):
        pass
