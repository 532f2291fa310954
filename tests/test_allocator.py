"""What is freed stays with the process from the first compiled model on."""

import os
import subprocess
import sys
from typing import ClassVar

import pytest

from keras_gan import _allocator

MEBIBYTE = 2**20
# Ask for 40 MiB, fill them and free them, ten times; print how many were cleared anew.
PROGRAM = """
import ctypes, os, resource
{before}
libc = ctypes.CDLL(None)
libc.prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE: a fault is a page of the same size
libc.malloc.restype = ctypes.c_void_p
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    block = libc.malloc(40 * 2**20)
    libc.memset(block, 1, 40 * 2**20)
    libc.free(block)
faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
print(faults * os.sysconf("SC_PAGE_SIZE"))
"""
COMPILE = """
import keras_gan
gan = keras_gan.GAN(*keras_gan.architectures.mlp((2,), latent_dim=2))
gan.compile()
"""

on_glibc = pytest.mark.skipif(not _allocator._is_glibc(), reason="glibc's allocator")


@pytest.fixture
def ask_anew(monkeypatch):
    """The answers of other environments, and none of them kept."""
    for name in (_allocator.VARIABLE, *_allocator.OF_GLIBC, "GLIBC_TUNABLES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_allocator.ctypes, "CDLL", Glibc)
    monkeypatch.setattr(Glibc, "asked", [])
    return _allocator.keep_freed_memory.__wrapped__


class Glibc:
    """Stands in for the C library: it notes what it is asked for."""

    asked: ClassVar[list] = []

    def __init__(self, name):
        assert name is None

    def mallopt(self, parameter, value):
        self.asked.append((parameter, value))
        return 1


def mebibytes_cleared(before, **variables):
    """How much memory the system cleared for ten blocks of 40 MiB."""
    names = (_allocator.VARIABLE, *_allocator.OF_GLIBC, "GLIBC_TUNABLES")
    environment = {k: v for k, v in os.environ.items() if k not in names} | variables
    program = PROGRAM.format(before=before)
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout
    return int(said.split()[-1]) / MEBIBYTE


@on_glibc
@pytest.mark.backends("tensorflow", reason="`compile` asks for it on all")
def test_a_compiled_model_keeps_what_is_freed():
    assert mebibytes_cleared(COMPILE) < 60


@on_glibc
@pytest.mark.backends("torch", reason="no backend code: run once")
def test_without_a_model_all_is_given_back():
    assert mebibytes_cleared("") > 390
    keep = "from keras_gan._allocator import keep_freed_memory as keep; keep()"
    assert mebibytes_cleared(keep, KERAS_GAN_KEEP_MEMORY="0") > 390


@on_glibc
def test_it_is_asked_once_for_both(ask_anew):
    assert ask_anew()
    assert Glibc.asked == [(-1, -1), (-4, 0)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (_allocator.VARIABLE, "0"),
        ("MALLOC_TRIM_THRESHOLD_", "1000000"),
        ("MALLOC_MMAP_MAX_", "10"),
        ("MALLOC_MMAP_THRESHOLD_", "1000000"),
        ("GLIBC_TUNABLES", "glibc.malloc.arena_max=1"),
    ],
)
def test_what_the_user_set_stays(ask_anew, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert not ask_anew()
    assert Glibc.asked == []


@on_glibc
def test_other_tunables_change_nothing(ask_anew, monkeypatch):
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0")
    assert ask_anew()


@pytest.mark.parametrize("error", [AttributeError, ValueError, OSError])
def test_another_library_is_left_alone(ask_anew, monkeypatch, error):
    def confstr(name):
        raise error(name)

    monkeypatch.setattr(_allocator.os, "confstr", confstr)
    assert not ask_anew()
    assert Glibc.asked == []


@pytest.mark.parametrize("value", ["", "yes", "2"])
def test_a_value_that_says_nothing_is_refused(ask_anew, monkeypatch, value):
    monkeypatch.setenv(_allocator.VARIABLE, value)
    with pytest.raises(ValueError, match=r"KERAS_GAN_KEEP_MEMORY must be 1.* or 0"):
        ask_anew()
